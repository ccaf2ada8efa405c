"""The sections of a printout: what each says of a derivation, as blocks of lines with reasons."""
