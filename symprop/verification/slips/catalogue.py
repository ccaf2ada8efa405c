"""The catalogue of slips: what each kind is, and the rules that undo them, the likeliest first."""

from __future__ import annotations

from symprop.verification.slips.conditions import conditions
from symprop.verification.slips.derivatives import other_slopes, undifferentiated
from symprop.verification.slips.exchanges import exchanged_names, neighbours
from symprop.verification.slips.factors import (
    constants,
    extra_factors,
    missing_divisors,
    missing_factors,
    swapped_fractions,
    upside_down,
)
from symprop.verification.slips.functions import bracketed_arguments, functions, missing_functions
from symprop.verification.slips.indices import (
    captured_indices,
    deltas,
    diagonal_terms,
    indices,
    indices_of_groups,
    missing_sums,
    sums_along,
    swapped_indices,
)
from symprop.verification.slips.matrices import (
    entry_by_entry,
    inverses,
    layouts,
    missing_matrices,
    missing_ones,
    orders,
    transposes,
)
from symprop.verification.slips.naming import (
    argument_names,
    arguments,
    index_names,
    names,
    upstreams,
)
from symprop.verification.slips.norms import norms
from symprop.verification.slips.powers import complements, not_derived, powers
from symprop.verification.slips.repair import Rule
from symprop.verification.slips.signs import signs, update_signs
from symprop.verification.slips.sums import (
    brackets,
    complement_of_product,
    extra_terms,
    missing_identities,
    missing_terms,
    missing_terms_of_factors,
    update_terms,
)
from symprop.verification.slips.symmetry import symmetric

KINDS = {
    "sign": "a sign is wrong, or ascent is taken for descent",
    "wrong-constant": "a number is wrong, or a factor such as 2, 1/2, 1/n",
    "extra-factor": "a factor should not be there",
    "missing-factor": "a factor is missing, of the chain or another one",
    "wrong-variable": "taken at the value of a function instead of its argument",
    "wrong-index": "an index is wrong, or is swapped with another one",
    "wrong-name": "another name should stand there",
    "missing-square": "a square is missing",
    "power": "an exponent or a root is wrong",
    "missing-term": "a term of a sum is missing",
    "extra-term": "a term of a sum should not be there",
    "missing-sum": "an index should be summed over",
    "missing-path": "a path is left out where a step is used several times",
    "missing-cross-term": "the cross terms of a softmax are left out",
    "bracket": "brackets are missing, or are where there should be none",
    "missing-prime": "a function stands where its derivative should",
    "extra-prime": "a derivative stands where the function should",
    "wrong-function": "another function should stand there",
    "wrong-condition": "a condition is the wrong way round, or two cases are exchanged",
    "swapped-fraction": "numerator and denominator are swapped",
    "transpose": "a transpose is missing, or one too many",
    "inverse": "an inverse is missing, or one too many",
    "order": "factors are in the wrong order",
    "elementwise": "a product entry by entry stands for one of matrices, or the other way round",
    "layout": "the transpose, as another layout has it",
    "rounding": "a rounded number was carried along",
}
"""What each kind of slip is."""

RULES: tuple[Rule, ...] = (
    update_signs,
    update_terms,
    signs,
    layouts,
    conditions,
    norms,
    powers,
    not_derived,
    extra_factors,
    extra_terms,
    indices,
    swapped_indices,
    indices_of_groups,
    sums_along,
    index_names,
    captured_indices,
    deltas,
    transposes,
    symmetric,
    inverses,
    orders,
    entry_by_entry,
    complements,
    complement_of_product,
    brackets,
    bracketed_arguments,
    functions,
    argument_names,
    arguments,
    other_slopes,
    swapped_fractions,
    constants,
    missing_factors,
    names,
    exchanged_names,
    neighbours,
    upside_down,
    missing_matrices,
    missing_terms,
    undifferentiated,
    missing_divisors,
    missing_terms_of_factors,
    upstreams,
    diagonal_terms,
    missing_functions,
    missing_sums,
    missing_ones,
    missing_identities,
)
"""The rules in the order in which they are tried."""
RULES_OF_SHAPES: tuple[Rule, ...] = (transposes, orders, entry_by_entry)
"""Those that may mend a line of which the shapes do not fit."""
