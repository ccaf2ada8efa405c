"""The error function and what is made of it: the normal distribution, gelu.

NumPy has no error function. The emitted one uses the rational approximations of W. J. Cody,
"Rational Chebyshev approximation for the error function", Math. Comp. 23 (1969), 631-637, right to
a few units in the last place, in the tail of erfc too.
"""

from __future__ import annotations

import sympy

from symprop.functions.classes import f, u
from symprop.functions.vocabulary import Code, Elementwise

RATIONAL = '''
def _rational(x, coefficients):
    """A quotient of two polynomials: pairs of coefficients, the highest power first."""
    above, below = np.zeros_like(x), np.zeros_like(x)
    for a, b in coefficients:
        above *= x
        above += a
        below *= x
        below += b
    return above / below
'''

ERF_NEAR_0 = '''
def _erf_near_0(z):
    """erf(z) for |z| < 0.46875: W. J. Cody, Math. Comp. 23 (1969), 631-637."""
    pairs = (
        (0.185777706184603153, 1.0),
        (3.16112374387056560, 23.6012909523441209),
        (113.864154151050156, 244.024637934444173),
        (377.485237685302021, 1282.61652607737228),
        (3209.37758913846947, 2844.23683343917062),
    )
    z = np.clip(z, -0.46875, 0.46875)
    return z * _rational(z * z, pairs)
'''

ERFC_TAIL = '''
def _erfc_tail(x):
    """1 - erf(x) for x > 0.46875: W. J. Cody, Math. Comp. 23 (1969), 631-637."""
    below_4 = (
        (2.15311535474403846e-8, 1.0),
        (0.564188496988670089, 15.7449261107098347),
        (8.88314979438837594, 117.693950891312499),
        (66.1191906371416295, 537.181101862009858),
        (298.635138197400131, 1621.38957456669019),
        (881.952221241769090, 3290.79923573345963),
        (1712.04761263407058, 4362.61909014324716),
        (2051.07837782607147, 3439.36767414372164),
        (1230.33935479799725, 1230.33935480374942),
    )
    from_4 = (
        (0.0163153871373020978, 1.0),
        (0.305326634961232344, 2.56852019228982242),
        (0.360344899949804439, 1.87295284992346047),
        (0.125781726111229246, 0.527905102951428412),
        (0.0160837851487422766, 0.0605183413124413191),
        (0.000658749161529837803, 0.00233520497626869185),
    )
    x = np.minimum(x, 30.0)
    cut = np.floor(16 * x) / 16
    bell = np.exp(-cut * cut) * np.exp((cut - x) * (cut + x))  # no digit of x*x is lost
    far = np.maximum(x, 4.0)
    square = 1 / (far * far)
    high = (1 / math.sqrt(math.pi) - square * _rational(square, from_4)) / far
    return bell * np.where(x < 4, _rational(np.minimum(x, 4.0), below_4), high)
'''

NEEDS = {"_rational": RATIONAL, "_erf_near_0": ERF_NEAR_0, "_erfc_tail": ERFC_TAIL}
ERFC = '''
def erfc(z):
    """1 - erf(z), entry by entry, with all digits where it is small."""
    size = np.abs(z)
    tail = _erfc_tail(size)
    tail = np.where(z < 0, 2 - tail, tail)
    return np.where(size < 0.46875, 1 - _erf_near_0(z), tail)
'''

erf = Elementwise(
    name="erf",
    value=sympy.erf(u),
    derivative=2 * sympy.exp(-(u**2)) / sympy.sqrt(sympy.pi),
    latex=r"\operatorname{{erf}}\left({}\right)",
    numpy=Code(
        "erf({})",
        '''
def erf(z):
    """The error function, entry by entry."""
    size = np.abs(z)
    far = np.sign(z) * (1 - _erfc_tail(size))
    return np.where(size < 0.46875, _erf_near_0(z), far)
''',
        needs=NEEDS,
    ),
    python=Code("math.erf({})"),
    sympy_class=sympy.erf,
)

erfc = Elementwise(
    name="erfc",
    value=sympy.erfc(u),
    derivative=-2 * sympy.exp(-(u**2)) / sympy.sqrt(sympy.pi),
    latex=r"\operatorname{{erfc}}\left({}\right)",
    numpy=Code("erfc({})", ERFC, needs=NEEDS),
    python=Code("math.erfc({})"),
    sympy_class=sympy.erfc,
)
"""1 - erf(u), whose digits are right where it is small."""

PDF_OF_ARRAYS = '''
def normal_pdf(z):
    """The density of the standard normal distribution, entry by entry."""
    return np.exp(-z * z / 2) / math.sqrt(2 * math.pi)
'''
PDF_OF_NUMBERS = '''
def normal_pdf(z):
    """The density of the standard normal distribution."""
    return math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
'''
CDF_OF_ARRAYS = '''
def normal_cdf(z):
    """The distribution function of the standard normal distribution, entry by entry."""
    return erfc(-z / math.sqrt(2)) / 2
'''
CDF_OF_NUMBERS = '''
def normal_cdf(z):
    """The distribution function of the standard normal distribution."""
    return math.erfc(-z / math.sqrt(2)) / 2
'''

normal_pdf = Elementwise(
    name="normal_pdf",
    value=sympy.exp(-(u**2) / 2) / sympy.sqrt(2 * sympy.pi),
    derivative=-u * f,
    latex=r"\varphi\left({}\right)",
    numpy=Code("normal_pdf({})", PDF_OF_ARRAYS),
    python=Code("normal_pdf({})", PDF_OF_NUMBERS),
)
"""The density of the standard normal distribution."""

normal_cdf = Elementwise(
    name="normal_cdf",
    value=sympy.erfc(-u / sympy.sqrt(2), evaluate=False) / 2,
    derivative=normal_pdf(u),
    latex=r"\Phi\left({}\right)",
    numpy=Code("normal_cdf({})", CDF_OF_ARRAYS, needs={"erfc": ERFC, **NEEDS}),
    python=Code("normal_cdf({})", CDF_OF_NUMBERS),
)
"""(1 + erf(u/sqrt(2)))/2, the distribution function of the standard normal distribution."""

gelu = Elementwise(
    name="gelu",
    value=u * normal_cdf.value,
    derivative=normal_cdf(u) + u * normal_pdf(u),
    latex=r"\operatorname{{gelu}}\left({}\right)",
    numpy=Code(
        "gelu({})",
        '''
def gelu(z):
    """z*normal_cdf(z), entry by entry."""
    return z * normal_cdf(z)
''',
        needs={"normal_cdf": CDF_OF_ARRAYS, "erfc": ERFC, **NEEDS},
    ),
    python=Code(
        "gelu({})",
        '''
def gelu(z):
    """z*normal_cdf(z)."""
    return z * normal_cdf(z)
''',
        needs={"normal_cdf": CDF_OF_NUMBERS},
    ),
)
