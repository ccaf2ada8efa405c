"""Laying a `Module` out as source text: the templates and what they may call.

The templates hold the runtime around the mathematics (checks, training, files, command line).
What they ask about a module is in `facts`; what makes a user's words safe and lines short enough
for `ruff format` is in `formatting`.
"""

from __future__ import annotations

from functools import cache

from jinja2 import Environment

from symprop.emission import facts, formatting
from symprop.emission.formatting import WIDTH
from symprop.emission.module import Module
from symprop.files import file_stem
from symprop.templating import environment


def render(template: str, module: Module) -> str:
    """Return the source text that a template, such as "numpy/module.py.jinja", makes of a module.

    Where the user's own words are so long that a line cannot be broken, or hold characters that
    may be mistaken for ASCII ones, the text opens with a directive that tells ruff so.
    """
    text = _environment().get_template(template).render(module=module)
    rules = []
    if not text.isascii():
        rules = ["E501", "RUF001", "RUF002", "RUF003"]  # E501: some characters are two wide
    elif max(map(len, text.splitlines())) > WIDTH:
        rules = ["E501"]
    return f"# ruff: noqa: {', '.join(rules)}, RUF100\n{text}" if rules else text


@cache
def _environment() -> Environment:
    # the output is Python: `quoted`, `doc` and `comment` make text safe
    found = environment(autoescape=False)
    filters = [
        *(formatting.quoted, formatting.quoted_help, formatting.doc, formatting.laid_out),
        *(formatting.member, formatting.listed),
        *(facts.shape_text, facts.tuple_code, facts.shape_items, facts.example),
        facts.identifiers,
        file_stem,
    ]
    functions = [
        *(formatting.bracketed, formatting.unpacked, formatting.returned, formatting.assigned),
        *(formatting.paragraph, formatting.table, formatting.taken_apart),
        *(facts.keyed, facts.uses, facts.read_by, facts.loop, facts.batched, facts.all_batched),
        *(facts.accuracy, facts.derived_sizes, facts.size_names_in, facts.label_kinds),
        *(facts.labelled_rows, facts.inverts, facts.counting_samples, facts.names_in),
    ]
    found.filters.update({function.__name__: function for function in filters})
    found.globals.update({function.__name__: function for function in functions})
    found.globals["group"] = formatting.Group
    return found
