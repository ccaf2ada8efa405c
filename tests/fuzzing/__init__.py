"""Coverage-guided fuzzing of reading and judging: any text has a reading, a verdict or one error.

    pip install atheris
    PYTHONPATH=tests python -m fuzzing FOLDER --seconds 3600
    PYTHONPATH=tests python -m fuzzing FOLDER --again

The folder keeps the corpus that was found, and what was wrong; `--again` tries only the latter.
"""
