r"""Seventy lines of lecture notes, as printed, and what each means.

The meaning is an outline: operators in front, declared names as in Python, `x[i]` for an index,
`{w1,w2}[i]` for one of several, a question mark before what is not declared, `||` between two
statements. Each stands beside the network, or the names, that it is read with.
"""

LINES: list[tuple[str, str, str, str]] = [
    (
        "L01",
        "smallest_perceptron",
        "y = wx",
        "y = (* w x)",
    ),
    (
        "L02",
        "two samples",
        r"w = w + (y_n - \hat{y})x_i",
        "w = (+ w (* (+ y_n (- y_hat)) x_i))",
    ),
    (
        "L03",
        "smallest_perceptron",
        r"\frac{d\mathcal{L}}{dw}",
        "(d L w)",
    ),
    (
        "L04",
        "smallest_perceptron",
        r"\mathcal{L} = \frac{1}{2}(y - \hat{y})^2",
        "L = (* (/ 1 2) (^ (+ y (- y_hat)) 2))",
    ),
    (
        "L05",
        "smallest_perceptron",
        r"\frac{d}{dw} \left\{ \frac{1}{2} (y - \hat{y})^2 \right\}",
        "(derive w (* (/ 1 2) (^ (+ y (- y_hat)) 2)))",
    ),
    (
        "L06",
        "smallest_perceptron",
        r"-(y - \hat{y}) \frac{dwx}{dw}",
        "(- (* (+ y (- y_hat)) (d (* w x) w)))",
    ),
    (
        "L07",
        "smallest_perceptron",
        r"-(y - \hat{y})x = \nabla w",
        "(- (* (+ y (- y_hat)) x)) = (∇ w)",
    ),
    (
        "L08",
        "smallest_perceptron",
        r"w = w - \nabla w",
        "w = (+ w (- (∇ w)))",
    ),
    (
        "L09",
        "second_smallest_perceptron",
        r"\frac{\partial \mathcal{L}}{\partial w_1} = \frac{\partial}{\partial w_1} "
        r"\left\{ \frac{1}{2} (y - \hat{y})^2 \right\}",
        "(∂ L w1) = (derive w1 (* (/ 1 2) (^ (+ y (- y_hat)) 2)))",
    ),
    (
        "L10",
        "second_smallest_perceptron",
        r"-(y - \hat{y}) \frac{\partial \hat{y}}{\partial w_1}",
        "(- (* (+ y (- y_hat)) (∂ y_hat w1)))",
    ),
    (
        "L11",
        "second_smallest_perceptron",
        r"-(y - \hat{y}) \frac{\partial \sum_i w_i x_i}{\partial w_1}",
        "(- (* (+ y (- y_hat)) (∂ (sum i (* {w1,w2}[i] {x1,x2}[i])) w1)))",
    ),
    (
        "L12",
        "second_smallest_perceptron",
        r"-(y - \hat{y}) \frac{\partial w_1 x_1}{\partial w_1}",
        "(- (* (+ y (- y_hat)) (∂ (* w1 x1) w1)))",
    ),
    (
        "L13",
        "second_smallest_perceptron",
        r"w_1 = w_1 - \eta \nabla w_1",
        "w1 = (+ w1 (- (* eta (∇ w1))))",
    ),
    (
        "L14",
        "second_smallest_perceptron",
        r"w_1 + \eta (y - \hat{y}) x_1",
        "(+ w1 (* eta (+ y (- y_hat)) x1))",
    ),
    (
        "L15",
        "second_smallest_perceptron",
        r"\nabla w_{1i} = -(y_i - \hat{y})x_{1i}",
        "(∇ w1[i]) = (- (* (+ y[i] (- y_hat)) x1[i]))",
    ),
    (
        "L16",
        "smallest_perceptron",
        r"\mathcal{L}_i = \frac{1}{2}(y_i - \hat{y})",
        "L[i] = (* (/ 1 2) (+ y[i] (- y_hat)))",
    ),
    (
        "L17",
        "unspecified_activations",
        r"a_1 = w_1 \cdot x + b_1",
        "a1 = (+ (* w1 x) b1)",
    ),
    (
        "L18",
        "unspecified_activations",
        r"a_2 = w_2 \cdot f_1(w_1 \cdot x + b_1)",
        "a2 = (* w2 (f_1 (+ (* w1 x) b1)))",
    ),
    (
        "L19",
        "unspecified_activations",
        r"y = f_3(w_3 \cdot f_2(w_2 \cdot f_1(w_1 \cdot x + b_1)))",
        "y = (f_3 (* w3 (f_2 (* w2 (f_1 (+ (* w1 x) b1))))))",
    ),
    (
        "L20",
        "unspecified_activations",
        r"\hat{y} = f_{\text{MLP}}(x_i; \theta)",
        r"f3 = (?f_{MLP} x[i] ?\theta)",
    ),
    (
        "L21",
        "unspecified_activations",
        r"\theta \leftarrow \theta - \eta \nabla \theta",
        r"?\theta \leftarrow (+ ?\theta (- (* eta (∇ ?\theta))))",
    ),
    (
        "L22",
        "unspecified_activations",
        r"\theta \leftarrow \theta + \eta \frac{\partial \mathcal{L}}{\partial \theta}",
        r"?\theta \leftarrow (+ ?\theta (* eta (∂ L ?\theta)))",
    ),
    (
        "L23",
        "unspecified_activations",
        r"\frac{\partial \mathcal{L}}{\partial \theta} = \left[ \frac{\partial "
        r"\mathcal{L}}{\partial w_3} \frac{\partial \mathcal{L}}{\partial w_2} "
        r"\frac{\partial \mathcal{L}}{\partial w_1} \frac{\partial "
        r"\mathcal{L}}{\partial b} \right]",
        r"(∂ L ?\theta) = [(∂ L w3) (∂ L w2) (∂ L w1) (∂ L ?b)]",
    ),
    (
        "L24",
        "unspecified_activations",
        r"\frac{\partial L}{\partial w_3} = \frac{\partial L}{\partial f_3} "
        r"\frac{\partial f_3}{\partial a_3} \frac{\partial a_3}{\partial w_3}",
        "(∂ L w3) = (* (∂ L f3) (∂ f3 a3) (∂ a3 w3))",
    ),
    (
        "L25",
        "unspecified_activations",
        r"-\eta(y - \hat{y}) \frac{\partial f_3}{\partial a_3} \frac{\partial "
        r"a_3}{\partial w_3}",
        "(- (* eta (+ y (- f3)) (∂ f3 a3) (∂ a3 w3)))",
    ),
    (
        "L26",
        "s",
        r"\frac{ds(x)}{dx} = s(x)(1 - s(x))",
        "(d (s x) x) = (* (s x) (+ 1 (- (s x))))",
    ),
    (
        "L27",
        "unspecified_activations",
        r"-\eta(y - \hat{y}) f_3(1 - f_3) f_2",
        "(- (* eta (+ y (- f3)) f3 (+ 1 (- f3)) f2))",
    ),
    (
        "L28",
        "unspecified_activations",
        r"\boxed{\frac{\partial \mathcal{L}}{\partial f_3} \frac{\partial f_3}{\partial "
        r"a_3}} \frac{\partial a_3}{\partial w_3}",
        "(* (∂ L f3) (∂ f3 a3) (∂ a3 w3))",
    ),
    (
        "L29",
        "smallest_perceptron",
        r"\begin{aligned}\frac{d\mathcal{L}}{dw} &= \frac{d}{dw} \left\{ \frac{1}{2} (y "
        r"- \hat{y})^2 \right\} \\ &= -(y - \hat{y}) \frac{dwx}{dw} \\ &= -(y - "
        r"\hat{y})x = \nabla w \quad \text{just shorthand}\end{aligned}",
        "(d L w) = (derive w (* (/ 1 2) (^ (+ y (- y_hat)) 2))) = (- (* (+ y (- "
        "y_hat)) (d (* w x) w))) = (- (* (+ y (- y_hat)) x)) = (∇ w)",
    ),
    (
        "L30",
        "vector_network_any_g",
        "f(x) = W_2 g(W_1x + b_1) + b_2",
        "(f x) = (+ (* W2 (g (+ (* W1 x) b1))) b2)",
    ),
    (
        "L31",
        "any_penalty",
        r"L(W) = \frac{1}{N} \sum_{i=1}^N L_i(f(x_i, W), y_i) + \lambda R(W)",
        "(L W) = (+ (* (/ 1 ?N) (sum i 1 ?N (L_i (f x[(i)] W) y[(i)]))) (* lambda (R W)))",
    ),
    (
        "L32",
        "any_penalty",
        r"w^* = \arg \min_w L(w)",
        "?w^{*} = (argmin ?w (L ?w))",
    ),
    (
        "L33",
        "J",
        r"\frac{\partial J(\mathbf{W})}{\partial \mathbf{W}} = \frac{1}{B} \sum_{k=1}^B "
        r"\frac{\partial J_k(\mathbf{W})}{\partial \mathbf{W}}",
        "(∂ (J W) W) = (* (/ 1 ?B) (sum k 1 ?B (∂ (J_k W) W)))",
    ),
    (
        "L34",
        "deep_chain_3",
        r"w_k \leftarrow w_k - \eta \frac{\partial e}{\partial w_k}",
        r"{w1,w2,w3}[k] \leftarrow (+ {w1,w2,w3}[k] (- (* eta (∂ e {w1,w2,w3}[k]))))",
    ),
    (
        "L35",
        "sum_times_z",
        r"f(x, y, z) = (x + y) \cdot z",
        "(f x y z) = (* (+ x y) z)",
    ),
    (
        "L36",
        "sum_times_z",
        r"\frac{\partial f}{\partial y} = \frac{\partial q}{\partial y} \frac{\partial "
        r"f}{\partial q}",
        "(∂ f y) = (* (∂ q y) (∂ f q))",
    ),
    (
        "L37",
        "sigmoid_circuit",
        r"f(x, w) = \frac{1}{1 + e^{-(w_0x_0 + w_1x_1 + w_2)}}",
        "(f ?x ?w) = (/ 1 (+ 1 (exp (- (+ (* w0 x0) (* w1 x1) w2)))))",
    ),
    (
        "L38",
        "x and y",
        "(1/x)' = -1/x^2",
        "(' (/ 1 x)) = (- (/ 1 (^ x 2)))",
    ),
    (
        "L39",
        "x and y",
        r"-\frac{1}{1.37^2} * 1 = -0.53",
        "(- (* (/ 1 (^ 1.37 2)) 1)) = (- 0.53)",
    ),
    (
        "L40",
        "x and y",
        r"\exp(-1) * (-0.53) = -0.20",
        "(* (exp (- 1)) (- 0.53)) = (- 0.20)",
    ),
    (
        "L41",
        "x and y",
        r"\frac{\partial}{\partial x}[xy] = y",
        "(derive x (* x y)) = y",
    ),
    (
        "L42",
        "deep_chain_1",
        r"\frac{\partial}{\partial w_1} l(f_1(x, w_1), y) = \frac{\partial e}{\partial "
        r"h_1} \frac{\partial h_1}{\partial w_1}",
        "(derive w1 (l (f_1 x w1) y)) = (* (∂ e h1) (∂ h1 w1))",
    ),
    (
        "L43",
        "vector_regression",
        "e = (y - w_1^T x)^2",
        "e = (^ (+ y (- (* (T w1) x))) 2)",
    ),
    (
        "L44",
        "vector_regression",
        r"\frac{\partial e}{\partial h_1} = -2(y - h_1) = -2(y - w_1^T x)",
        "(∂ e h1) = (- (* 2 (+ y (- h1)))) = (- (* 2 (+ y (- (* (T w1) x)))))",
    ),
    (
        "L45",
        "vector_regression",
        r"\frac{\partial e}{\partial w_1} = \frac{\partial e}{\partial h_1} "
        r"\frac{\partial h_1}{\partial w_1} = -2x(y - w_1^T x)",
        "(∂ e w1) = (* (∂ e h1) (∂ h1 w1)) = (- (* 2 x (+ y (- (* (T w1) x)))))",
    ),
    (
        "L46",
        "positive_example",
        r"e = -\log(\sigma(w_1^T x))",
        "e = (- (log (sigmoid (* (T w1) x))))",
    ),
    (
        "L47",
        "positive_example",
        r"-\frac{1}{\sigma(w_1^T x)} \sigma(w_1^T x) (1 - \sigma(w_1^T x)) x = "
        r"-\sigma(-w_1^T x) x",
        "(- (* (/ 1 (sigmoid (* (T w1) x))) (sigmoid (* (T w1) x)) (+ 1 (- (sigmoid (* "
        "(T w1) x)))) x)) = (- (* (sigmoid (- (* (T w1) x))) x))",
    ),
    (
        "L48",
        "positive_example",
        r"\frac{\partial h_2}{\partial h_1} = \sigma'(h_1) = \sigma(h_1)(1 - "
        r"\sigma(h_1))",
        "(∂ h2 h1) = ((' sigmoid) h1) = (* (sigmoid h1) (+ 1 (- (sigmoid h1))))",
    ),
    (
        "L49",
        "deep_chain_3",
        r"\frac{\partial e}{\partial w_k} = \boxed{\frac{\partial e}{\partial h_K} "
        r"\frac{\partial h_K}{\partial h_{K-1}} \dots \frac{\partial h_{k+1}}{\partial "
        r"h_k}} \frac{\partial h_k}{\partial w_k}",
        "(∂ e {w1,w2,w3}[k]) = (* (∂ e {h1,h2,h3}[K]) (∂ {h1,h2,h3}[K] "
        "{h1,h2,h3}[K-1]) … (∂ {h1,h2,h3}[k+1] {h1,h2,h3}[k]) (∂ {h1,h2,h3}[k] "
        "{w1,w2,w3}[k]))",
    ),
    (
        "L50",
        "linear_regression",
        "L = f(y, g(x, w, b))",
        "L = (?f y (?g x w b))",
    ),
    (
        "L51",
        "linear_regression",
        r"\frac{\partial L}{\partial w} = \frac{\partial L}{\partial h} \cdot "
        r"\frac{\partial h}{\partial w}",
        "(∂ L w) = (* (∂ L h) (∂ h w))",
    ),
    (
        "L52",
        "linear_regression",
        r"w = \eta \frac{\partial L}{\partial w}",
        "w = (* eta (∂ L w))",
    ),
    (
        "L53",
        "two_outputs",
        r"\frac{dL}{do_1} = \frac{y}{o_1} - \frac{e^{o_1}}{e^{o_2} + e^{o_1}}",
        "(d L o1) = (+ (/ y o1) (- (/ (exp o1) (+ (exp o2) (exp o1)))))",
    ),
    (
        "L54",
        "two_outputs",
        r"\frac{\partial L}{\partial q} = v_1 \cdot \frac{\partial L}{\partial o_1} + "
        r"v_2 \cdot \frac{\partial L}{\partial o_2}",
        "(∂ L q) = (+ (* v1 (∂ L o1)) (* v2 (∂ L o2)))",
    ),
    (
        "L55",
        "two_outputs",
        r"\frac{\partial L}{\partial h} = \frac{\partial L}{\partial q} "
        r"\frac{e^{-q}}{(1 + e^{-q})^2}",
        "(∂ L h) = (* (∂ L q) (/ (exp (- q)) (^ (+ 1 (exp (- q))) 2)))",
    ),
    (
        "L56",
        "wider_network_by_elements",
        r"\begin{bmatrix} h_1 \\ h_2 \end{bmatrix} = \begin{bmatrix} w_{11} & w_{12} \\ "
        r"w_{21} & w_{22} \end{bmatrix} \cdot \begin{bmatrix} x_1 \\ x_2 \end{bmatrix} "
        "+ b",
        "[h1; h2] = (+ (* [w11 w12; w21 w22] [x1; x2]) ?b)",
    ),
    (
        "L57",
        "affine_layer",
        r"\frac{\partial(W \cdot \vec{x} + b)}{\partial \vec{x}} = \begin{bmatrix} "
        r"w_{11} & w_{12} \\ w_{21} & w_{22} \end{bmatrix}",
        "(∂ (+ (* W x) b) x) = [W[1,1] W[1,2]; W[2,1] W[2,2]]",
    ),
    (
        "L58",
        "beta",
        r"\beta_{ki}^{(l)} = \sum_{j=1}^{N+1} w_{kj}^{(l)} h_{ji}^{(l-1)}",
        r"?\beta_{ki}^{(l)} = (sum j 1 (+ ?N 1) (* ?w_{kj}^{(l)} ?h_{ji}^{(l-1)}))",
    ),
    (
        "L59",
        "beta",
        r"h_{ki}^{(l)} = g(\beta_{ki}^{(l)})",
        r"?h_{ki}^{(l)} = (g ?\beta_{ki}^{(l)})",
    ),
    (
        "L60",
        "beta",
        r"\sigma(\beta) = \frac{1}{1 + e^{-\beta}}, \quad \sigma'(\beta) = "
        r"\sigma(\beta)(1 - \sigma(\beta))",
        "(sigmoid beta) = (/ 1 (+ 1 (exp (- beta)))) || ((' sigmoid) beta) = (* "
        "(sigmoid beta) (+ 1 (- (sigmoid beta))))",
    ),
    (
        "L61",
        "beta",
        r"\tanh(\beta) = \frac{e^{\beta} - e^{-\beta}}{e^{\beta} + e^{-\beta}}",
        "(tanh beta) = (/ (+ (exp beta) (- (exp (- beta)))) (+ (exp beta) (exp (- beta))))",
    ),
    (
        "L62",
        "beta",
        r"\tanh'(\beta) = 1 - \tanh^2(\beta)",
        "((' tanh) beta) = (+ 1 (- (^ (tanh beta) 2)))",
    ),
    (
        "L63",
        "beta",
        r"\text{ReLU}(\beta) = \max(0, \beta)",
        "(relu beta) = (maximum 0 beta)",
    ),
    (
        "L64",
        "beta",
        r"\text{softmax}(\beta_j) = \frac{e^{\beta_j}}{\sum_{k=1}^V e^{\beta_k}}",
        "(softmax beta[j]) = (/ (exp beta[j]) (sum k 1 ?V (exp beta[k])))",
    ),
    (
        "L65",
        "beta",
        r"\frac{\partial \text{softmax}(\beta_j)}{\partial \beta_k} = \begin{cases} "
        r"y_j^* (1 - y_j^*) & j = k \\ -y_j^* y_k^* & j \neq k \end{cases}",
        "(∂ (softmax beta[j]) beta[k]) = (cases (* ?y_{j}^{*} (+ 1 (- ?y_{j}^{*}))) (= "
        r"?j ?k) (- (* ?y_{j}^{*} ?y_{k}^{*})) (\neq ?j ?k))",
    ),
    (
        "L66",
        "beta",
        r"\ell_{MSE}(\vec{y}_i, \vec{y}_i^*) = \frac{1}{K} \sum_{c=1}^V (y_{ci} - "
        "y_{ci}^*)^2",
        r"(\ell_{MSE} ?\vec{y}_{i} ?\vec{y}_{i}^{*}) = (* (/ 1 ?K) (sum c 1 ?V (^ (+ "
        "?y_{ci} (- ?y_{ci}^{*})) 2)))",
    ),
    (
        "L67",
        "beta",
        r"-\log y_{c(i),i}^* = -\sum_{c=1}^V y_{ci} \log y_{ci}^*",
        "(- (log ?y_{c(i),i}^{*})) = (- (sum c 1 ?V (* ?y_{ci} (log ?y_{ci}^{*}))))",
    ),
    (
        "L68",
        "beta",
        r"-y_i \log y_i^* - (1 - y_i) \log(1 - y_i^*)",
        "(+ (- (* ?y_{i} (log ?y_{i}^{*}))) (- (* (+ 1 (- ?y_{i})) (log (+ 1 (- ?y_{i}^{*}))))))",
    ),
    (
        "L69",
        "beta",
        r"\frac{d\beta_{ci}^{(L)}}{dw_{kj}^{(l)}} = \sum_{k=1}^N \frac{\partial "
        r"\beta_{ci}^{(L)}}{\partial h_{ki}^{(L-1)}} "
        r"\frac{dh_{ki}^{(L-1)}}{dw_{kj}^{(l)}}",
        r"(d ?\beta_{ci}^{(L)} ?w_{kj}^{(l)}) = (sum k 1 ?N (* (∂ ?\beta_{ci}^{(L)} "
        "?h_{ki}^{(L-1)}) (d ?h_{ki}^{(L-1)} ?w_{kj}^{(l)})))",
    ),
    (
        "L70",
        "beta",
        r"w_{kj}^{(l)} \leftarrow w_{kj}^{(l)} - \eta \frac{d\mathcal{L}}{dw_{kj}^{(l)}}",
        r"?w_{kj}^{(l)} \leftarrow (+ ?w_{kj}^{(l)} (- (* eta (d ?\mathcal{L} "
        "?w_{kj}^{(l)}))))",
    ),
]
