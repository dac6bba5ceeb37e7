(** What is proved: made by `python -m theory rocq` from the claims, do not edit.

    A definition says what a sentence of the paper asserts, or what is true instead; its last formula is the relation, before
    it stands what must hold for both sides to be defined ([W_real]: W has a real value there; divisors are not 0). [_printed_] is
    the sentence as printed, [_reading_n_] one way to read it, [_true_] what is true instead or beside it, [_step_] a printed
    line of a proof. A sentence that asserts what another one does is defined as that. Theorems.v has for each definition the
    theorem [name_proved : name] or [name_refuted : ~ name].

    [W0] and [Wm1] are the branches of the Lambert function (Lambert.v), [pair_x M] and [pair_y M] the coordinates of a local
    minimum of the correlated pair, of which [pair_minima M] (Rules.v) says what is used; Pair.v proves that there is one, and
    PairLosses.v that every local minimum of eq. (1) on the pair is one. No theorem is empty: each domain has a point
    ([domain_…_has_a_point] in the file of a claim's proofs).

    Some sentences are here in coordinates of their proofs (pulls of samples, gaps between solutions), or as the inequality that
    a limit, a flow or a probability comes from. OneCoordinate.v, FromLosses.v and Hoeffding.v say them of data sets, of eq. (1),
    of gradient flow and of laws: lemmas 1, 3, 8, 9, 10 (x) and 11, corollary 1, early stopping. *)
From Coq Require Import Reals.
From Ascent Require Import Lambert Trees Rules.
Open Scope R_scope.

(** ** The setting: each of its numbers is a real number, and named quantities are of the numbers that are bound around them. *)
Class Retain := n_retain : R.
Class Forget := n_forget : R.
Class Ridge := ridge : R.
Class Group := n_group : R.
Class Alpha := alpha : R.
Class Epsilon := epsilon : R.
Class Retain_pull := pull_retain : R.
Class Forget_pull := pull_forget : R.
Class Minima := M : pair_point.
Definition W_real (z : R) : Prop := 0 <= exp 1 * z + 1.

(** What is bound together again and again, where sizes and ridge are positive. *)
Notation "'every' 'coordinate' , P" := (forall (n_retain_ : Retain) (n_forget_ : Forget) (ridge_ : Ridge) (n_group_ : Group) (alpha_ : Alpha),
  0 < n_retain_ -> 0 < n_forget_ -> 0 < ridge_ -> 0 < n_group_ -> P) (at level 200, P at level 200).
Notation "'every' 'pair' , P" := (forall (n_retain_ : Retain) (n_forget_ : Forget) (ridge_ : Ridge) (n_group_ : Group) (epsilon_ : Epsilon) (alpha_ : Alpha),
  0 < n_retain_ -> 0 < n_forget_ -> 0 < ridge_ -> 0 < n_group_ -> P) (at level 200, P at level 200).
Notation "'every' 'retained' 'pair' , P" := (forall (n_retain_ : Retain) (n_forget_ : Forget) (ridge_ : Ridge) (n_group_ : Group) (epsilon_ : Epsilon),
  0 < n_retain_ -> 0 < n_forget_ -> 0 < ridge_ -> 0 < n_group_ -> P) (at level 200, P at level 200).

(** ** The quantities. *)
(** |D| *)
Definition n_total `{Retain, Forget} : R := n_forget + n_retain.
(** |F|/|R| *)
Definition balance `{Retain, Forget} : R := n_forget / n_retain.
(** |F|²/(|R|(|F|+|D|)) *)
Definition turning `{Retain, Forget} : R := n_forget ^ 2 / n_retain / (n_retain + n_forget * 2).
(** |F|/|R| + λ|F|/(e|R_j|) *)
Definition limit `{Retain, Forget, Ridge, Group} : R := n_forget * ridge / n_group * exp (-1) + balance.
Definition z_pretrained `{Retain, Forget, Ridge, Group, Alpha} : R := n_group * (alpha + 1) / ridge / n_total.
Definition z_retrained `{Retain, Ridge, Group} : R := n_group / n_retain / ridge.
Definition z_da `{Retain, Forget, Ridge, Group, Alpha} : R :=
  n_group * (1 + alpha * n_retain * (-1) / n_forget) / n_retain / ridge.
(** lemma 2's closed forms *)
Definition w_pretrained `{Retain, Forget, Ridge, Group, Alpha} : R := W0 z_pretrained.
Definition w_retrained `{Retain, Ridge, Group} : R := W0 z_retrained.
Definition w_da `{Retain, Forget, Ridge, Group, Alpha} : R := W0 z_da.
Definition w_da_maximum `{Retain, Forget, Ridge, Group, Alpha} : R := Wm1 z_da.
(** 1 + ε² *)
Definition own `{Epsilon} : R := 1 + epsilon ^ 2.
(** 2ε *)
Definition cross `{Epsilon} : R := epsilon * 2.
(** b, αb and −c of §5.1.2 *)
Definition strength `{Retain, Forget, Ridge, Group} : R := n_group / ridge / n_total.
Definition strength_forget `{Retain, Forget, Ridge, Group, Alpha} : R := alpha * n_group / ridge / n_total.
Definition strength_da `{Forget, Ridge, Group, Alpha} : R := alpha * n_group * (-1) / n_forget / ridge.
(** lemma 6 and the minima of the correlated pair *)
Definition x_pretrained `{Minima, Retain, Forget, Ridge, Group, Alpha, Epsilon} : R :=
  pair_x M strength strength_forget epsilon.
Definition y_pretrained `{Minima, Retain, Forget, Ridge, Group, Alpha, Epsilon} : R :=
  pair_y M strength strength_forget epsilon.
Definition x_retrained `{Retain, Ridge, Group, Epsilon} : R := W0 (n_group * own / n_retain / ridge).
Definition y_retrained `{Retain, Ridge, Group, Epsilon} : R := cross * x_retrained / own.
Definition x_da `{Minima, Retain, Forget, Ridge, Group, Alpha, Epsilon} : R :=
  pair_x M z_retrained strength_da epsilon.
Definition y_da `{Minima, Retain, Forget, Ridge, Group, Alpha, Epsilon} : R :=
  pair_y M z_retrained strength_da epsilon.
(** lemma 7's bounds *)
Definition x_lower `{Retain, Forget, Ridge, Group, Alpha, Epsilon} : R :=
  W0 (alpha * epsilon * n_group * 2 / ridge / n_total + n_group * own / ridge / n_total).
Definition y_lower `{Retain, Forget, Ridge, Group, Alpha, Epsilon} : R :=
  W0 (alpha * n_group * own / ridge / n_total).
Definition x_upper `{Retain, Forget, Ridge, Group, Alpha, Epsilon} : R :=
  cross * y_lower / own + W0 (n_group * own / ridge / n_total).
Definition y_upper `{Retain, Forget, Ridge, Group, Alpha, Epsilon} : R :=
  W0 (alpha * n_group * own / ridge / n_total + epsilon * n_group * 2 / ridge / n_total).
(** lemma 8's bounds *)
Definition x_da_upper `{Retain, Forget, Ridge, Group, Alpha, Epsilon} : R :=
  W0 (alpha * epsilon * n_group * (-2) / n_forget / ridge + n_group * own / n_retain / ridge).
Definition y_da_upper `{Retain, Forget, Ridge, Group, Alpha, Epsilon} : R :=
  W0 (alpha * n_group * (-1) * own / n_forget / ridge + epsilon * n_group * 2 / n_retain / ridge).
(** the numbers of lemma 9 *)
Definition alpha_min_x `{Retain, Forget, Epsilon} : R :=
  1 / 2 * own / epsilon * n_forget ^ 2 / n_retain / (n_retain + n_forget * 2).
Definition alpha_min_y `{Retain, Forget, Epsilon} : R :=
  epsilon * n_forget * 2 * n_total / n_retain / (n_retain + n_forget * 2) / own.
(** eq. (6) and (7) *)
Definition alpha_max_x `{Retain, Forget, Ridge, Group, Epsilon} : R :=
  1 / 2 * ridge * n_total * ((-1) * W0 (n_group * own / ridge / n_total) + x_retrained) / epsilon / n_group * exp (1 /
  2 * own * ((-1) * W0 (n_group * own / ridge / n_total) + x_retrained) / epsilon).
Definition alpha_max_y `{Retain, Forget, Ridge, Group, Epsilon} : R :=
  cross * ((-1) + ridge * n_total * x_retrained / n_group * exp y_retrained + (-1) * epsilon ^ 2) / own ^ 2.
(** x and y by the pulls *)
Definition margin_x `{Epsilon, Retain_pull, Forget_pull} : R := epsilon * pull_forget * 2 + pull_retain * own.
Definition margin_y `{Epsilon, Retain_pull, Forget_pull} : R := epsilon * pull_retain * 2 + pull_forget * own.
Definition margin_x_da `{Epsilon, Retain_pull, Forget_pull} : R := epsilon * pull_forget * (-2) + pull_retain * own.
Definition margin_y_da `{Epsilon, Retain_pull, Forget_pull} : R :=
  epsilon * pull_retain * 2 + pull_forget * (-1) * own.
(** of the second derivatives, by the pulls *)
Definition determinant `{Epsilon, Retain_pull, Forget_pull} : R :=
  pull_forget * pull_retain * 4 * epsilon ^ 2 + (1 + pull_forget * (-1) * own) * (1 + pull_retain * own).

(** * lemma-1: Random forget sets look like the test set (§4, App. B) *)
Module Lemma_1.

(** §4, App. B: a forget set F chosen uniformly at random from the dataset and a model with parameters θ: P(|Acc_T −
    Acc_F| ≥ ε) ≤ 2·exp(−2|F|ε²) *)
Definition any_model_reading_1_1 : Prop := forall (accuracy gap : R), 0 <= accuracy -> accuracy <= 1 -> 0 < gap ->
  0 < 1 + accuracy * (-1) + accuracy * exp (gap * 4) /\
  ln (1 + accuracy * (-1) + accuracy * exp (gap * 4)) <= gap * 4 * (accuracy + 1 / 2 * gap).
Definition any_model_reading_2_1 : Prop := forall `(Retain, Forget) (n_population gap : R), 1 <= n_retain ->
  1 <= n_forget -> n_total <= n_population -> 0 < gap -> gap <= 1 + (-1) * n_total / n_population ->
  1 <= 2 * exp (n_forget * (-2) * gap ^ 2).
Definition any_model_step_1 : Prop := forall `(Retain, Forget) (n_population gap : R), 1 <= n_retain ->
  1 <= n_forget -> n_total <= n_population -> 0 < gap -> gap <= 1 + (-1) * n_total / n_population ->
  n_population <> 0 /\ 1 <= n_total / n_population.

(** §1, contribution 2: unlearning random forget sets is impossible without causing model degradation, as unlearning
    random sets is equivalent in distribution to unlearning samples from the population data distribution *)
Definition impossible_reading_1_1 : Prop := any_model_reading_1_1.
Definition impossible_reading_2_1 : Prop := forall (n_forget gap n_population : R), 1 <= n_forget -> 0 < gap ->
  gap <= 1 -> n_forget <= n_population -> n_population <> 0 /\ n_forget / n_population >= gap.
Definition impossible_true_2 : Prop := forall (n_forget gap n_population : R), 1 <= n_forget -> 0 < gap ->
  gap <= 1 -> n_forget / gap < n_population -> n_population <> 0 /\ n_forget / n_population < gap.

(** §4: metrics measured in the forget set would be indistinguishable from those of the test set, for the oracle *)
Definition oracle_printed_1 : Prop := any_model_reading_1_1.
Definition oracle_true_2 : Prop := forall (accuracy gap : R), 1 / 2 <= accuracy -> accuracy <= 1 / 2 -> 0 < gap ->
  0 < 1 + accuracy * (-1) + accuracy * exp (gap * 4) /\
  4 / 3 * gap ^ 4 + ln (1 + accuracy * (-1) + accuracy * exp (gap * 4)) > gap * 4 * (accuracy + 1 / 2 * gap).
Definition oracle_true_3 : Prop := forall (gap n_forget : R), 0 < gap -> 0 < n_forget ->
  n_forget <= 1 / 2 / gap ^ 2 * ln 2 -> 2 * exp (n_forget * (-2) * gap ^ 2) >= 1.
Definition oracle_true_4 : Prop := forall (gap n_forget : R), 0 < gap -> 1 / 2 / gap ^ 2 * ln 2 < n_forget ->
  2 * exp (n_forget * (-2) * gap ^ 2) < 1.

(** §4, App. B: a forget set F chosen uniformly at random from the dataset *)
Definition fixed_dataset_reading_1_1 : Prop := any_model_reading_1_1.
Definition fixed_dataset_reading_2_1 : Prop := forall (n_forget accuracy gap : R), 1 <= n_forget -> 0 <= accuracy ->
  accuracy <= 1 -> 0 < gap -> gap <= 1 + accuracy * (-1) -> 1 <= 2 * exp (n_forget * (-2) * gap ^ 2).
Definition fixed_dataset_true_1 : Prop := forall `(Retain, Forget) (gap s : R), 0 < n_retain -> 0 < n_forget ->
  0 < gap -> gap * n_retain * 4 * n_total / (n_retain + 1) <= s ->
  s <= gap * n_retain * 4 * n_total / (n_retain + 1) -> n_retain <> 0 /\ n_total <> 0 /\ n_retain + 1 <> 0 /\
  1 / 8 * n_forget * (n_retain + 1) / n_retain ^ 2 * s ^ 2 / n_total + gap * n_forget * s * (-1) / n_retain = n_forget
  * (-2) * n_total * gap ^ 2 / (n_retain + 1).
Definition fixed_dataset_true_2 : Prop := forall `(Retain, Forget) (gap s : R), 0 < n_retain -> 0 < n_forget ->
  0 < gap -> 0 <= s -> n_retain <> 0 /\ n_total <> 0 /\ n_retain + 1 <> 0 /\
  1 / 8 * n_forget * (n_retain + 1) / n_retain ^ 2 * s ^ 2 / n_total + gap * n_forget * s * (-1) / n_retain >=
  n_forget * (-2) * n_total * gap ^ 2 / (n_retain + 1).
Definition fixed_dataset_true_3 : Prop := forall `(Retain, Forget), 0 < n_retain -> 1 <= n_forget ->
  n_retain + 1 <> 0 /\ n_total / (n_retain + 1) >= 1.
Definition fixed_dataset_true_4 : Prop := forall `(Retain, Forget), 0 < n_retain -> 1 <= n_forget ->
  n_forget <= 1 -> n_retain + 1 <> 0 /\ n_total / (n_retain + 1) = 1.

(** §4: the accuracy on the test set Acc_T and the forget set Acc_F *)
Definition finite_test_set_reading_1_1 : Prop := any_model_reading_1_1.
Definition finite_test_set_reading_2_1 : Prop := forall (n_forget gap : R), 10 <= n_forget -> n_forget <= 10 ->
  1 / 2 <= gap -> gap <= 1 / 2 -> 319 / 512 <= 2 * exp (n_forget * (-2) * gap ^ 2).
Definition finite_test_set_true_1 : Prop := forall (gap n_forget n_test s : R), 0 < gap -> 0 < n_forget ->
  0 < n_test -> gap * n_forget * n_test * 4 / (n_forget + n_test) <= s ->
  s <= gap * n_forget * n_test * 4 / (n_forget + n_test) -> n_forget <> 0 /\ n_test <> 0 /\ n_forget + n_test <> 0 /\
  1 / 8 * (/ n_forget + / n_test) * s ^ 2 + gap * s * (-1) = n_forget * n_test * (-2) * gap ^ 2 / (n_forget + n_test).
Definition finite_test_set_true_2 : Prop := forall (gap n_forget n_test s : R), 0 < gap -> 0 < n_forget ->
  0 < n_test -> 0 <= s -> n_forget <> 0 /\ n_test <> 0 /\ n_forget + n_test <> 0 /\
  1 / 8 * (/ n_forget + / n_test) * s ^ 2 + gap * s * (-1) >= n_forget * n_test * (-2) * gap ^ 2 / (n_forget +
  n_test).
Definition finite_test_set_true_3 : Prop := forall (gap n_forget n_test : R), 0 < gap -> 0 < n_forget ->
  0 < n_test -> n_forget + n_test <> 0 /\ n_forget * n_test / (n_forget + n_test) < n_forget.

(** §4, App. B: the accuracy, loss, or any other metric … the proof follows in like manner *)
Definition other_metrics_printed_1 : Prop := forall (n_forget top gap : R), 1 <= n_forget -> 1 <= top -> 0 < gap ->
  gap <= 1 -> top <> 0 /\ 0 < 1 + (-1) / top /\
  exp (n_forget * ln (1 + (-1) / top)) <= 2 * exp (n_forget * (-2) * gap ^ 2).
Definition other_metrics_true_1 : Prop := forall (spread n t s : R), 0 < spread -> 1 <= n -> 0 < t ->
  n * t * 4 / spread <= s -> s <= n * t * 4 / spread -> spread <> 0 /\
  1 / 8 * spread * s ^ 2 + n * s * t * (-1) = (-2) * n ^ 2 / spread * t ^ 2.

(** §4: and very close to those of the retain for the oracle *)
Definition close_to_retain_printed_1 : Prop := forall (n_forget gap : R), 40 <= n_forget -> n_forget <= 40 ->
  1 / 4 <= gap -> gap <= 1 / 4 -> 274784510543 / 274877906944 <= 2 * exp (n_forget * (-2) * gap ^ 2).
Definition close_to_retain_true_1 : Prop := any_model_reading_1_1.
End Lemma_1.

(** * lemma-11: Hoeffding's inequality (App. B) *)
Module Lemma_11.

(** App. B: for any t > 0: P(|S_n − E S_n| ≥ nt) ≤ 2·exp(−2n²t²/Σ(b_i − a_i)²) *)
Definition bound_printed_1 : Prop := forall (position h : R), 0 <= position -> position <= 1 -> 0 <= h ->
  1 + position * (-1) + position * exp h >= exp (h * position).
Definition bound_printed_2 : Prop := forall (p h : R), 0 <= p -> p <= 1 -> 0 <= h -> 0 < 1 + p * (-1) + p * exp h /\
  ln (1 + p * (-1) + p * exp h) <= h * (p + 1 / 8 * h).
Definition bound_printed_3 : Prop := Lemma_1.other_metrics_true_1.
Definition bound_true_4 : Prop := forall (position h : R), 0 <= position -> position <= 0 -> 0 <= h ->
  1 + position * (-1) + position * exp h = exp (h * position).
Definition bound_true_5 : Prop := forall (position h : R), 1 <= position -> position <= 1 -> 0 <= h ->
  1 + position * (-1) + position * exp h = exp (h * position).
Definition bound_true_6 : Prop := forall (p h : R), 1 / 2 <= p -> p <= 1 / 2 -> 0 <= h ->
  0 < 1 + p * (-1) + p * exp h /\ 1 / 192 * h ^ 4 + ln (1 + p * (-1) + p * exp h) >= h * (p + 1 / 8 * h).
Definition bound_true_7 : Prop := forall (spread n t s : R), 0 < spread -> 1 <= n -> 0 < t -> 0 <= s ->
  spread <> 0 /\ 1 / 8 * spread * s ^ 2 + n * s * t * (-1) >= (-2) * n ^ 2 / spread * t ^ 2.

(** App. B: Z_i ∈ [a_i, b_i] *)
Definition degenerate_ranges_reading_1_1 : Prop := Lemma_1.other_metrics_true_1.
Definition degenerate_ranges_reading_2_1 : Prop := forall (width : R), 0 <= width -> width > 0.
End Lemma_11.

(** * lemma-2: Closed forms on one coordinate (§5.1.1, App. C.2 and D) *)
Module Lemma_2.

(** §5.1.1, App. D: w^D = W((1+α)|R_j|/(λ|D|)) *)
Definition pretrained_printed_1 : Prop := every coordinate, 0 <= alpha -> n_total <> 0 /\ ridge <> 0 /\
  W_real z_pretrained /\
  n_group * (-1) * (alpha + 1) / n_total * exp ((-1) * w_pretrained) + ridge * w_pretrained = 0.

(** §5.1.1, App. D: w^R = W(|R_j|/(λ|R|)) *)
Definition retrained_printed_1 : Prop := every coordinate, 0 <= alpha -> n_retain <> 0 /\ ridge <> 0 /\
  W_real z_retrained /\ n_group * (-1) / n_retain * exp ((-1) * w_retrained) + ridge * w_retrained = 0.

(** §5.1.1, App. D: w^DA = W((1 − α|R|/|F|)|R_j|/(λ|R|)) for any local minimum or maximum *)
Definition da_printed_1 : Prop := every coordinate, 0 <= alpha -> alpha <= limit -> n_forget <> 0 /\
  n_retain <> 0 /\ ridge <> 0 /\ W_real z_da /\
  alpha * n_group / n_forget * exp ((-1) * w_da) + n_group * (-1) / n_retain * exp ((-1) * w_da) + ridge * w_da = 0.
Definition da_printed_2 : Prop := every coordinate, balance < alpha -> alpha <= limit -> n_forget <> 0 /\
  n_retain <> 0 /\ ridge <> 0 /\ W_real z_da /\ 0 < (-1) * z_da /\
  alpha * n_group / n_forget * exp ((-1) * w_da_maximum) + n_group * (-1) / n_retain * exp ((-1) * w_da_maximum) +
  ridge * w_da_maximum = 0.

(** §5.1: we use the exponential loss as a more tractable proxy for the logistic loss *)
Definition proxy_reading_1_1 : Prop := every coordinate, 0 <= alpha -> n_retain <> 0 /\ ridge <> 0 /\
  W_real z_retrained /\ w_retrained > 0.
Definition proxy_reading_1_2 : Prop := every coordinate, 0 <= alpha -> n_retain <> 0 /\
  (-1) / 2 * n_group / n_retain < 0.
Definition proxy_reading_1_3 : Prop := every coordinate, 0 <= alpha -> n_retain <> 0 /\ ridge <> 0 /\
  1 + exp z_retrained <> 0 /\ n_group * (-1) / n_retain / (1 + exp z_retrained) + n_group / n_retain > 0.
Definition proxy_reading_2_1 : Prop := every coordinate, 0 <= alpha -> n_group <= n_retain ->
  alpha * n_group <= n_forget -> n_forget <> 0 /\ n_retain <> 0 /\ ridge <> 0 /\ 1 + z_da * exp 1 >= 0.
Definition proxy_true_1 : Prop := every coordinate, balance < alpha -> n_forget <> 0 /\ n_retain <> 0 /\
  ridge <> 0 /\ 1 + exp ((-1) * (alpha * n_group / n_forget + n_group * (-1) / n_retain) / ridge) <> 0 /\
  alpha * n_group * (-1) / n_forget + n_group / n_retain + (-1) * (alpha * n_group * (-1) / n_forget + n_group /
  n_retain) / (1 + exp ((-1) * (alpha * n_group / n_forget + n_group * (-1) / n_retain) / ridge)) < 0.
Definition proxy_true_2 : Prop := every coordinate, balance < alpha -> n_retain <> 0 /\ n_forget <> 0 /\
  (-1) / 2 * n_group / n_retain + 1 / 2 * alpha * n_group / n_forget > 0.
End Lemma_2.

(** * lambert-eq: The equation that W solves (App. D.1) *)
Module Lambert_eq.

(** App. D.1: for any α, the solution of the equation x − α·e^{−x} = 0 is x = W(−a) *)
Definition solution_printed_1 : Prop := forall (a : R), 0 <= a -> a <= exp (-1) -> W_real (a * (-1)) /\
  a * (-1) * exp ((-1) * W0 (a * (-1))) + W0 (a * (-1)) = 0.
Definition solution_true_1 : Prop := forall (a : R), (-1) * exp (-1) <= a -> W_real a /\
  a * (-1) * exp ((-1) * W0 a) + W0 a = 0.
Definition solution_true_2 : Prop := forall (a : R), (-1) * exp (-1) <= a -> a < 0 -> W_real a /\ 0 < (-1) * a /\
  a * (-1) * exp ((-1) * Wm1 a) + Wm1 a = 0.

(** App. D.1: the monotonicity of the principal branch of the Lambert function *)
Definition monotone_printed_1 : Prop := forall (a larger : R), (-1) * exp (-1) <= a -> a < larger ->
  W_real larger /\ W_real a /\ W0 larger > W0 a.
End Lambert_eq.

(** * da-farthest: Is doing nothing always better than descent-ascent? (§5.1.1) *)
Module Da_farthest.

(** §5.1.1: the DA solution is always farthest away from the oracle solution *)
Definition farthest_reading_1_1 : Prop := every coordinate, 0 <= alpha -> alpha <= balance -> n_group <= n_retain ->
  alpha * n_group <= n_forget -> n_forget <> 0 /\ n_retain <> 0 /\ ridge <> 0 /\ W_real z_da /\ n_total <> 0 /\
  W_real z_pretrained /\ (-1) * w_da + w_pretrained >= 0.
Definition farthest_reading_2_1 : Prop := forall (ridge : R), 0 < ridge -> ridge <> 0 /\ W_real (1 / 200 / ridge) /\
  W_real ((-1) / 200 / ridge) /\ W_real (1 / 150 / ridge) /\ W_real (1 / 2 / ridge) /\ W_real (1 / 3 / ridge) /\
  100 * ((-1) * W0 (1 / 200 / ridge) + W0 ((-1) / 200 / ridge)) ^ 2 >= 100 * ((-1) * W0 (1 / 200 / ridge) + W0 (1 /
  150 / ridge)) ^ 2 + ((-1) * W0 (1 / 2 / ridge) + W0 (1 / 3 / ridge)) ^ 2.
Definition farthest_true_1 : Prop := every coordinate, turning <= alpha -> alpha <= balance -> n_forget <> 0 /\
  n_retain <> 0 /\ ridge <> 0 /\ W_real z_da /\ n_total <> 0 /\ W_real z_pretrained /\
  (-1) * w_da + w_pretrained >= 0.
Definition farthest_true_2 : Prop := every coordinate, turning <= alpha -> alpha <= balance -> ridge <> 0 /\
  n_total <> 0 /\ W_real z_pretrained /\ n_retain <> 0 /\ W_real z_retrained /\
  (-1) * w_pretrained + w_retrained >= 0.
Definition farthest_true_3 : Prop := every coordinate, balance < alpha -> alpha <= limit -> n_forget <> 0 /\
  n_retain <> 0 /\ ridge <> 0 /\ W_real z_da /\ W_real z_retrained /\ n_total <> 0 /\ W_real z_pretrained /\
  (-1) * w_da + w_retrained > w_pretrained.
Definition farthest_true_4 : Prop := every coordinate, balance < alpha -> alpha <= limit -> n_retain <> 0 /\
  ridge <> 0 /\ W_real z_retrained /\ n_total <> 0 /\ W_real z_pretrained /\ (-1) * w_retrained + w_pretrained > 0.
Definition farthest_true_5 : Prop := every coordinate, 0 <= alpha -> alpha < turning -> ridge <> 0 /\
  n_total <> 0 /\ W_real z_pretrained /\ n_forget <> 0 /\ n_retain <> 0 /\ W_real z_da /\
  (-1) * w_pretrained + w_da > 0.
Definition farthest_true_6 : Prop := every coordinate, 0 <= alpha -> alpha < turning -> n_forget <> 0 /\
  n_retain <> 0 /\ ridge <> 0 /\ W_real z_da /\ W_real z_retrained /\ (-1) * w_da + w_retrained >= 0.

(** §5.1.1: the DA solution and the oracle solution lie in opposite directions from w^D *)
Definition opposite_directions_printed_1 : Prop := every coordinate, 0 <= alpha -> alpha <= limit ->
  n_group <= n_retain -> alpha * n_group <= n_forget -> ridge <> 0 /\ n_total <> 0 /\ W_real z_pretrained /\
  n_forget <> 0 /\ n_retain <> 0 /\ W_real z_da /\ W_real z_retrained /\
  ((-1) * w_pretrained + w_da) * ((-1) * w_retrained + w_pretrained) >= 0.
Definition opposite_directions_true_1 : Prop := every coordinate, turning <= alpha -> alpha <= balance ->
  ridge <> 0 /\ n_total <> 0 /\ W_real z_pretrained /\ n_forget <> 0 /\ n_retain <> 0 /\ W_real z_da /\
  W_real z_retrained /\ ((-1) * w_pretrained + w_da) * ((-1) * w_retrained + w_pretrained) >= 0.
Definition opposite_directions_true_2 : Prop := every coordinate, 0 <= alpha -> alpha < turning -> ridge <> 0 /\
  n_total <> 0 /\ W_real z_pretrained /\ n_forget <> 0 /\ n_retain <> 0 /\ W_real z_da /\ W_real z_retrained /\
  ((-1) * w_pretrained + w_da) * ((-1) * w_retrained + w_pretrained) < 0.
Definition opposite_directions_true_3 : Prop := every coordinate, balance < alpha -> alpha <= limit -> ridge <> 0 /\
  n_total <> 0 /\ W_real z_pretrained /\ n_forget <> 0 /\ n_retain <> 0 /\ W_real z_da /\ W_real z_retrained /\
  ((-1) * w_pretrained + w_da) * ((-1) * w_retrained + w_pretrained) < 0.

(** §5.1.1: the oracle and pre-trained solutions remain close *)
Definition stay_close_reading_1_1 : Prop := every coordinate, balance <= alpha -> n_retain <> 0 /\ ridge <> 0 /\
  W_real z_retrained /\ n_total <> 0 /\ W_real z_pretrained /\ 0 < n_retain * (alpha + 1) / n_total /\
  (-1) * w_retrained + w_pretrained <= ln (n_retain * (alpha + 1) / n_total).
Definition stay_close_reading_1_2 : Prop := every coordinate, balance <= alpha -> n_retain <> 0 /\ ridge <> 0 /\
  W_real z_retrained /\ n_total <> 0 /\ W_real z_pretrained /\ (-1) * w_retrained + w_pretrained >= 0.
Definition stay_close_reading_1_3 : Prop := every coordinate, 0 <= alpha -> alpha <= balance -> n_retain <> 0 /\
  ridge <> 0 /\ W_real z_retrained /\ n_total <> 0 /\ W_real z_pretrained /\ 0 < n_retain * (alpha + 1) / n_total /\
  (-1) * w_retrained + w_pretrained >= ln (n_retain * (alpha + 1) / n_total).
Definition stay_close_reading_1_4 : Prop := every coordinate, 0 <= alpha -> alpha <= balance -> n_retain <> 0 /\
  ridge <> 0 /\ W_real z_retrained /\ n_total <> 0 /\ W_real z_pretrained /\ (-1) * w_retrained + w_pretrained <= 0.
Definition stay_close_reading_2_1 : Prop := every coordinate, 0 <= alpha -> n_group <= n_retain ->
  alpha * n_group <= n_forget -> ridge <> 0 /\ n_total <> 0 /\ W_real z_pretrained /\ n_retain <> 0 /\
  W_real z_retrained /\ (-1) * w_pretrained + w_retrained <= 1.
End Da_farthest.

(** * early-stopping: No stopping time helps, for certain forget sets (§1, contribution 4) *)
Module Early_stopping.

(** §1, contribution 4: for certain forget set sizes, DA can be harmful to the model, even when employing arbitrary
    early stopping *)
Definition no_stop_helps_reading_1_1 : Prop := forall `(Retain, Forget, Ridge, Group, Alpha) (share : R),
  0 < n_retain -> 0 < n_forget -> 0 < ridge -> 0 < n_group -> turning <= alpha -> alpha <= balance -> 0 <= share ->
  share <= 1 -> ridge <> 0 /\ n_total <> 0 /\ W_real z_pretrained /\ n_forget <> 0 /\ n_retain <> 0 /\
  W_real (z_pretrained + share * (n_group * (-1) * (alpha + 1) / ridge / n_total + z_da)) /\ W_real z_retrained /\
  ((-1) * w_pretrained + W0 (z_pretrained + share * (n_group * (-1) * (alpha + 1) / ridge / n_total + z_da))) * ((-1)
  * w_retrained + w_pretrained) >= 0.
Definition no_stop_helps_reading_2_1 : Prop := every coordinate, balance <= alpha -> alpha <= balance ->
  ridge <> 0 /\ n_total <> 0 /\ n_retain <> 0 /\ z_pretrained = z_retrained.
Definition no_stop_helps_reading_3_1 : Prop := forall `(Retain, Forget, Ridge, Group, Alpha) (learning_rate : R),
  0 < n_retain -> 0 < n_forget -> 0 < ridge -> 0 < n_group -> turning <= alpha -> alpha <= balance ->
  0 < learning_rate -> n_group <= n_retain -> alpha * n_group <= n_forget -> let t1 := n_group * (-1) / n_retain in
  let t2 := alpha * n_group / n_forget in let t3 := exp ((-1) * w_pretrained) in
  let t4 := learning_rate * (t2 * t3 + t1 * t3 + ridge * w_pretrained) in
  let t5 := exp (learning_rate * (-1) * (alpha * n_group * (-1) / n_forget * t3 + n_group / n_retain * t3 + ridge *
  (-1) * w_pretrained) + (-1) * w_pretrained) in
  n_forget <> 0 /\ ridge <> 0 /\ n_total <> 0 /\ W_real z_pretrained /\ n_retain <> 0 /\ W_real z_retrained /\
  Rabs (t4 + learning_rate * (t2 * t5 + t1 * t5 + ridge * (-1) * (t4 + (-1) * w_pretrained)) + (-1) * w_pretrained +
  w_retrained) >= Rabs ((-1) * w_pretrained + w_retrained).
Definition no_stop_helps_true_2 : Prop := forall (end_ share lag : R), 0 <= end_ -> 0 < share -> share <= 1 ->
  0 <= lag ->
  lag * (end_ + 1) + share * (-1) * (end_ * (-1) + end_ * exp lag + lag * exp lag) * exp (lag * (-1)) >= 0.
Definition no_stop_helps_true_3 : Prop := forall `(Retain, Forget, Ridge, Group, Alpha) (share : R), 0 < n_retain ->
  0 < n_forget -> 0 < ridge -> 0 < n_group -> 0 <= alpha -> alpha < turning -> 0 < share -> share <= 1 ->
  ridge <> 0 /\ n_total <> 0 /\ W_real z_pretrained /\ n_forget <> 0 /\ n_retain <> 0 /\
  W_real (z_pretrained + share * (n_group * (-1) * (alpha + 1) / ridge / n_total + z_da)) /\ W_real z_retrained /\
  ((-1) * w_pretrained + W0 (z_pretrained + share * (n_group * (-1) * (alpha + 1) / ridge / n_total + z_da))) * ((-1)
  * w_retrained + w_pretrained) < 0.
Definition no_stop_helps_true_4 : Prop := forall `(Retain, Forget, Ridge, Group, Alpha) (share : R), 0 < n_retain ->
  0 < n_forget -> 0 < ridge -> 0 < n_group -> 0 < alpha -> alpha < turning -> 0 < share -> share <= 1 -> ridge <> 0 /\
  n_total <> 0 /\ n_forget <> 0 /\ n_retain <> 0 /\
  W_real (z_pretrained + share * (n_group * (-1) * (alpha + 1) / ridge / n_total + z_da)) /\ W_real z_retrained /\
  (-1) * W0 (z_pretrained + share * (n_group * (-1) * (alpha + 1) / ridge / n_total + z_da)) + w_retrained > 0.
Definition no_stop_helps_true_5 : Prop := every coordinate, balance < alpha -> n_retain <> 0 /\ ridge <> 0 /\
  n_total <> 0 /\ n_group * (-1) / n_retain / ridge + z_pretrained > 0.
Definition no_stop_helps_true_6 : Prop := every coordinate, balance < alpha -> n_forget <> 0 /\ n_retain <> 0 /\
  ridge <> 0 /\ z_da < 0.
End Early_stopping.

(** * lemma-3: Descent-ascent moves away from the oracle, for a range of α (§5.1.1, App. E) *)
Module Lemma_3.

(** App. E: for |F|²/(|R|(|F|+|D|)) ≤ α ≤ |F|/|R|: (w^DA − w^D)(w^D − w^R) ≥ 0 *)
Definition appendix_range_printed_1 : Prop := Da_farthest.opposite_directions_true_1.
Definition appendix_range_true_2 : Prop := Da_farthest.opposite_directions_true_2.
Definition appendix_range_true_3 : Prop := Da_farthest.opposite_directions_true_3.

(** §5.1.1: the lemma holds for α ≤ |F|/|R| *)
Definition main_text_range_printed_1 : Prop := every coordinate, 0 <= alpha -> alpha <= balance ->
  n_group <= n_retain -> alpha * n_group <= n_forget -> ridge <> 0 /\ n_total <> 0 /\ W_real z_pretrained /\
  n_forget <> 0 /\ n_retain <> 0 /\ W_real z_da /\ W_real z_retrained /\
  ((-1) * w_pretrained + w_da) * ((-1) * w_retrained + w_pretrained) >= 0.
Definition main_text_range_true_1 : Prop := Da_farthest.opposite_directions_true_1.

(** §5.1.1: on a purely 1 dimensional dataset, this lemma would always hold *)
Definition one_dimensional_printed_1 : Prop := forall `(Retain, Forget, Ridge, Group, Alpha), 0 < n_retain ->
  0 < n_forget -> 0 < ridge -> n_retain <= n_group -> n_group <= n_retain -> balance <= alpha -> alpha <= balance ->
  ridge <> 0 /\ n_total <> 0 /\ W_real z_pretrained /\ n_forget <> 0 /\ n_retain <> 0 /\ W_real z_da /\
  W_real z_retrained /\ ((-1) * w_pretrained + w_da) * ((-1) * w_retrained + w_pretrained) >= 0.
Definition one_dimensional_true_1 : Prop := Early_stopping.no_stop_helps_reading_2_1.

(** §5.1.1, after lemma 2: by changing the value of α […] the solutions will be ordered by their magnitude *)
Definition ordered_reading_1_1 : Prop := Da_farthest.farthest_true_5.
Definition ordered_reading_1_2 : Prop := Da_farthest.farthest_true_6.
Definition ordered_reading_1_3 : Prop := Da_farthest.farthest_true_1.
Definition ordered_reading_1_4 : Prop := Da_farthest.farthest_true_2.
Definition ordered_reading_1_5 : Prop := every coordinate, balance < alpha -> alpha <= limit -> n_forget <> 0 /\
  n_retain <> 0 /\ ridge <> 0 /\ W_real z_da /\ W_real z_retrained /\ (-1) * w_da + w_retrained > 0.
Definition ordered_reading_1_6 : Prop := Da_farthest.farthest_true_4.
Definition ordered_reading_2_1 : Prop := every coordinate, balance < alpha -> alpha <= limit ->
  n_group <= n_retain -> alpha * n_group <= n_forget -> n_forget <> 0 /\ n_retain <> 0 /\ ridge <> 0 /\ W_real z_da /\
  (-1) * w_da <= 0.

(** App. E, case 2: a solution both for the primary and the secondary branch, corresponding to a local maximum and
    minimum respectively *)
Definition characters_printed_1 : Prop := every coordinate, balance < alpha -> alpha <= limit ->
  n_group <= n_retain -> alpha * n_group <= n_forget -> n_forget <> 0 /\ n_retain <> 0 /\ ridge <> 0 /\ W_real z_da /\
  ridge * (1 + w_da) < 0.
Definition characters_printed_2 : Prop := every coordinate, balance < alpha -> alpha <= limit ->
  n_group <= n_retain -> alpha * n_group <= n_forget -> n_forget <> 0 /\ n_retain <> 0 /\ ridge <> 0 /\ W_real z_da /\
  0 < (-1) * z_da /\ ridge * (1 + w_da_maximum) > 0.
Definition characters_true_1 : Prop := every coordinate, 0 <= alpha -> alpha < limit -> n_forget <> 0 /\
  n_retain <> 0 /\ ridge <> 0 /\ W_real z_da /\ ridge * (1 + w_da) > 0.
Definition characters_true_2 : Prop := every coordinate, balance < alpha -> alpha < limit -> n_forget <> 0 /\
  n_retain <> 0 /\ ridge <> 0 /\ W_real z_da /\ 0 < (-1) * z_da /\ ridge * (1 + w_da_maximum) < 0.

(** App. E: case 1: α ≤ |F|/|R|; case 2: α ≤ |F|/|R| + λ|F|/(e|R_j|); case 3: beyond *)
Definition cases_printed_1 : Prop := every coordinate, 0 <= alpha -> alpha <= balance -> n_forget <> 0 /\
  n_retain <> 0 /\ ridge <> 0 /\ z_da >= 0.
Definition cases_printed_2 : Prop := every coordinate, balance < alpha -> alpha <= limit -> n_forget <> 0 /\
  n_retain <> 0 /\ ridge <> 0 /\ 1 + z_da * exp 1 >= 0.
Definition cases_printed_3 : Prop := every coordinate, limit < alpha -> n_forget <> 0 /\ n_retain <> 0 /\
  ridge <> 0 /\ 1 + z_da * exp 1 < 0.
Definition cases_true_2 : Prop := Early_stopping.no_stop_helps_true_6.
Definition cases_true_3 : Prop := every coordinate, 0 <= alpha -> alpha <= limit -> n_forget <> 0 /\
  n_retain <> 0 /\ ridge <> 0 /\ 1 + z_da * exp 1 >= 0.
End Lemma_3.

(** * lemma-4: How far the oracle is from the pretrained solution (§5.1.1, App. F) *)
Module Lemma_4.

(** §5.1.1, App. F: |w^D − w^R| ≤ |ln((1+α)|R|/|D|)| for any λ > 0 *)
Definition bound_printed_1 : Prop := Da_farthest.stay_close_reading_1_1.
Definition bound_printed_2 : Prop := Da_farthest.stay_close_reading_1_2.
Definition bound_printed_3 : Prop := Da_farthest.stay_close_reading_1_3.
Definition bound_printed_4 : Prop := Da_farthest.stay_close_reading_1_4.

(** App. F: for any value of x it holds that W(x) = ln(x) − ln(W(x)) *)
Definition logarithmic_form_reading_1_1 : Prop := forall (z : R), 0 < z -> W_real z /\ 0 < W0 z /\ 0 < z /\
  W0 z = (-1) * ln (W0 z) + ln z.
Definition logarithmic_form_reading_2_1 : Prop := forall (z : R), (-1) * exp (-1) <= z -> W_real z /\ 0 < W0 z /\
  0 < z /\ W0 z = (-1) * ln (W0 z) + ln z.
End Lemma_4.

(** * lemma-5: How far descent-ascent is from the oracle (§5.1.1, App. G) *)
Module Lemma_5.

(** §5.1.1, App. G: for α ≥ |F|/|R|: |w^R − w^DA| ≥ W0(|R_j|/(λ|R|)) *)
Definition bound_printed_1 : Prop := every coordinate, balance <= alpha -> alpha <= limit -> n_forget <> 0 /\
  n_retain <> 0 /\ ridge <> 0 /\ W_real z_da /\ W_real z_retrained /\ (-1) * w_da + w_retrained >= w_retrained.
Definition bound_true_2 : Prop := every coordinate, 0 <= alpha -> alpha < balance -> n_forget <> 0 /\
  n_retain <> 0 /\ ridge <> 0 /\ W_real z_da /\ W_real z_retrained /\ (-1) * w_da + w_retrained < w_retrained.
Definition bound_true_3 : Prop := every coordinate, balance <= alpha -> alpha <= limit -> n_forget <> 0 /\
  n_retain <> 0 /\ ridge <> 0 /\ W_real z_da /\ w_da <= 0.
Definition bound_true_4 : Prop := every coordinate, 0 <= alpha -> alpha <= limit -> n_forget <> 0 /\
  n_retain <> 0 /\ ridge <> 0 /\ W_real z_da /\ w_da >= (-1).
Definition bound_step_2 : Prop := every coordinate, balance < alpha -> n_forget <> 0 /\ n_retain <> 0 /\
  ridge <> 0 /\ 1 + z_da * exp 1 < 0.
End Lemma_5.

(** * corollary-1: A vanishing ridge: the oracle stays, descent-ascent runs away (§5.1.1) *)
Module Corollary_1.

(** §5.1.1: as λ → 0 for e_j → |F|/|R| we have Δ_{R,D} → 0 *)
Definition pretrained_printed_1 : Prop := Da_farthest.stay_close_reading_1_1.
Definition pretrained_printed_2 : Prop := Da_farthest.stay_close_reading_1_2.
Definition pretrained_printed_3 : Prop := Da_farthest.stay_close_reading_1_3.
Definition pretrained_printed_4 : Prop := Da_farthest.stay_close_reading_1_4.

(** §5.1.1: and Δ_{R,DA} → ∞ *)
Definition descent_ascent_printed_1 : Prop := every coordinate,
  n_forget * (1 + n_retain * ridge * (-1) / n_group * exp 1) / n_retain <= alpha -> alpha <= limit -> n_forget <> 0 /\
  n_retain <> 0 /\ ridge <> 0 /\ W_real z_da /\ W_real z_retrained /\ (-1) * w_da + w_retrained >= (-1) + w_retrained.
Definition descent_ascent_printed_2 : Prop := forall `(Retain, Forget, Group, Ridge, Alpha), 0 < n_retain ->
  0 < n_forget -> 0 < n_group -> 0 < ridge -> ridge <= n_group / n_retain * exp (-1) -> 0 <= alpha ->
  alpha <= n_forget * (1 + n_retain * ridge * (-1) / n_group * exp 1) / n_retain -> n_forget <> 0 /\ n_retain <> 0 /\
  ridge <> 0 /\ W_real z_da /\ W_real z_retrained /\ 0 < 1 + alpha * n_retain * (-1) / n_forget /\
  (-1) * w_da + w_retrained >= (-1) / 2 * ln (1 + alpha * n_retain * (-1) / n_forget).

(** §5.1.1, after corollary 1: even a few steps of the method can cause the model to diverge *)
Definition few_steps_reading_1_1 : Prop := forall `(Retain, Forget, Ridge, Group, Alpha) (learning_rate w : R),
  0 < n_retain -> 0 < n_forget -> 0 < ridge -> 0 < n_group -> balance <= alpha -> alpha <= balance ->
  0 < learning_rate -> learning_rate <= / ridge -> n_group <= n_retain -> alpha * n_group <= n_forget ->
  n_forget <> 0 /\ n_retain <> 0 /\
  w + learning_rate * (-1) * (alpha * n_group / n_forget * exp (w * (-1)) + n_group * (-1) / n_retain * exp (w * (-1))
  + ridge * w) < w * (1 + learning_rate * ridge * (-1)).
Definition few_steps_reading_2_1 : Prop := forall `(Retain, Forget, Ridge, Group, Alpha) (learning_rate : R),
  100 <= n_retain -> n_retain <= 100 -> 5 <= n_forget -> n_forget <= 5 -> 1 / 10 <= ridge -> ridge <= 1 / 10 ->
  1 <= n_group -> n_group <= 1 -> 5 <= alpha -> alpha <= 5 -> 2 <= learning_rate -> learning_rate <= 2 ->
  let t1 := learning_rate * (-1) in let t2 := n_group * (-1) / n_retain in let t3 := alpha * n_group / n_forget in
  let t4 := exp ((-1) * w_pretrained) in let t5 := t3 * t4 + t2 * t4 + ridge * w_pretrained in
  let t6 := learning_rate * t5 in let t7 := t1 * t5 in let t8 := exp (t6 + (-1) * w_pretrained) in
  let t9 := t3 * t8 + t2 * t8 + ridge * (t7 + w_pretrained) in let t10 := t1 * t9 in
  let t11 := exp (t6 + learning_rate * t9 + (-1) * w_pretrained) in n_forget <> 0 /\ ridge <> 0 /\ n_total <> 0 /\
  W_real z_pretrained /\ n_retain <> 0 /\
  t7 + t1 * (t3 * t11 + t2 * t11 + ridge * (t7 + t10 + w_pretrained)) + t10 + w_pretrained < (-1000).
Definition few_steps_reading_2_2 : Prop := forall `(Retain, Forget, Ridge, Group, Alpha) (learning_rate : R),
  100 <= n_retain -> n_retain <= 100 -> 5 <= n_forget -> n_forget <= 5 -> 1 / 10 <= ridge -> ridge <= 1 / 10 ->
  1 <= n_group -> n_group <= 1 -> 5 <= alpha -> alpha <= 5 -> 2 <= learning_rate -> learning_rate <= 2 ->
  n_forget <> 0 /\ n_retain <> 0 /\ ridge <> 0 /\ z_da < (-1) * exp (-1).
Definition few_steps_true_1 : Prop := forall (n_retain n_forget ridge n_group alpha learning_rate w : R),
  0 < n_retain -> 0 < n_forget -> 0 < ridge -> 0 < n_group -> 0 <= alpha -> 0 < learning_rate ->
  learning_rate <= / ridge -> w + learning_rate * ridge * w * (-1) = w * (1 + learning_rate * ridge * (-1)).
End Corollary_1.

(** * iterative-da: Descent and ascent in turns (§5.1.1, App. C.3) *)
Module Iterative_da.

(** App. C.3, eq. (5): w ← w − η(−|R_j|/|R|·e^{−w} + α|R_j|/|F|·e^{−w} + 2λw) + O(η²) *)
Definition first_order_printed_1 : Prop := forall (pull_retain ridge pull_forget w : R), 0 < pull_retain ->
  0 < ridge -> 0 <= pull_forget ->
  (pull_forget * (-1) * exp (w * (-1)) + pull_retain * exp (w * (-1)) + ridge * w * (-2)) * exp w = pull_retain +
  pull_forget * (-1) + ridge * w * (-2) * exp w.

(** §5.1.1: one first performs a step of ascent on the forget set, followed [by] descent on the retain set *)
Definition order_of_steps_reading_1_1 : Prop := first_order_printed_1.
Definition order_of_steps_reading_2_1 : Prop := forall (pull_retain ridge pull_forget w : R), 0 < pull_retain ->
  0 < ridge -> 0 <= pull_forget ->
  1 / 2 * (pull_forget * exp (w * (-1)) + ridge * w) * (pull_retain * 2 * exp (w * (-1)) + ridge * 2) = pull_forget *
  pull_retain * exp (w * (-2)) + pull_forget * ridge * w * (-1) * exp (w * (-1)).
Definition order_of_steps_true_1 : Prop := forall (pull_retain ridge pull_forget w : R), 0 < pull_retain ->
  0 < ridge -> 0 <= pull_forget ->
  1 / 2 * (pull_forget * exp (w * (-1)) + ridge * w) * (pull_retain * 2 * exp (w * (-1)) + ridge * 2) = (ridge +
  pull_retain * exp (w * (-1))) * (pull_forget * exp (w * (-1)) + ridge * w).

(** §5.1.1: since the solution, should it exist has w small and a term with η² → 0 has negligible contribution *)
Definition small_solution_reading_1_1 : Prop := forall (pull_retain ridge pull_forget : R), 0 < pull_retain ->
  0 < ridge -> pull_retain <= pull_forget -> pull_forget < pull_retain + ridge * 2 * exp (-1) -> ridge <> 0 /\
  W_real (1 / 2 * (pull_retain + pull_forget * (-1)) / ridge) /\
  W0 (1 / 2 * (pull_retain + pull_forget * (-1)) / ridge) >= (-1).
Definition small_solution_reading_1_2 : Prop := forall (pull_retain ridge pull_forget : R), 0 < pull_retain ->
  0 < ridge -> pull_retain <= pull_forget -> pull_forget < pull_retain + ridge * 2 * exp (-1) -> ridge <> 0 /\
  W_real (1 / 2 * (pull_retain + pull_forget * (-1)) / ridge) /\
  W0 (1 / 2 * (pull_retain + pull_forget * (-1)) / ridge) <= 0.
Definition small_solution_reading_2_1 : Prop := forall (pull_retain ridge pull_forget : R), 0 < pull_retain ->
  0 < ridge -> 0 <= pull_forget -> pull_forget <= pull_retain -> ridge <> 0 /\
  W_real (1 / 2 * (pull_retain + pull_forget * (-1)) / ridge) /\
  W0 (1 / 2 * (pull_retain + pull_forget * (-1)) / ridge) <= 1.
Definition small_solution_true_1 : Prop := forall (pull_forget pull_retain ridge : R), 0 <= pull_forget ->
  pull_forget < pull_retain -> 0 < ridge -> ridge < 1 / 2 * (pull_retain + pull_forget * (-1)) * exp (-1) ->
  ridge <> 0 /\ W_real (1 / 2 * (pull_retain + pull_forget * (-1)) / ridge) /\
  W0 (1 / 2 * (pull_retain + pull_forget * (-1)) / ridge) > 1.
Definition small_solution_true_2 : Prop := forall (pull_forget pull_retain ridge : R), 0 <= pull_forget ->
  pull_forget < pull_retain -> 1 / 2 * (pull_retain + pull_forget * (-1)) * exp (-1) <= ridge -> ridge <> 0 /\
  W_real (1 / 2 * (pull_retain + pull_forget * (-1)) / ridge) /\
  W0 (1 / 2 * (pull_retain + pull_forget * (-1)) / ridge) <= 1.

(** App. C.3: up to order O(η²), the dynamics, as well as the convergent solution [...] are identical [...] up to a
    rescaling λ_DA = 2λ_Iter-DA *)
Definition same_fixed_point_printed_2 : Prop := forall (pull_retain ridge pull_forget : R), 0 < pull_retain ->
  0 < ridge -> 0 <= pull_forget -> pull_forget < pull_retain + ridge * 2 * exp (-1) -> ridge <> 0 /\
  W_real (1 / 2 * (pull_retain + pull_forget * (-1)) / ridge) /\
  1 + W0 (1 / 2 * (pull_retain + pull_forget * (-1)) / ridge) <> 0 /\
  1 / 2 * (pull_forget * exp ((-1) * W0 (1 / 2 * (pull_retain + pull_forget * (-1)) / ridge)) + ridge * (-1)) *
  (pull_retain * exp ((-1) * W0 (1 / 2 * (pull_retain + pull_forget * (-1)) / ridge)) + ridge * (-1) * W0 (1 / 2 *
  (pull_retain + pull_forget * (-1)) / ridge)) / ridge / (1 + W0 (1 / 2 * (pull_retain + pull_forget * (-1)) / ridge))
  = 0.
Definition same_fixed_point_true_1 : Prop := forall (pull_retain ridge pull_forget : R), 0 < pull_retain ->
  0 < ridge -> 0 <= pull_forget -> pull_forget < pull_retain + ridge * 2 * exp (-1) -> ridge <> 0 /\
  W_real (1 / 2 * (pull_retain + pull_forget * (-1)) / ridge) /\
  pull_forget * (-1) * exp ((-1) * W0 (1 / 2 * (pull_retain + pull_forget * (-1)) / ridge)) + pull_retain * exp ((-1)
  * W0 (1 / 2 * (pull_retain + pull_forget * (-1)) / ridge)) + ridge * (-2) * W0 (1 / 2 * (pull_retain + pull_forget *
  (-1)) / ridge) = 0.
Definition same_fixed_point_true_2 : Prop := forall (pull_retain ridge pull_forget : R), 0 < pull_retain ->
  0 < ridge -> 0 <= pull_forget -> pull_forget < pull_retain + ridge * 2 * exp (-1) ->
  let t1 := 1 / 2 * (pull_retain + pull_forget * (-1)) / ridge in let w2 := W0 t1 in let t3 := 1 + w2 in
  let t4 := exp ((-1) * w2) in let t5 := pull_forget * t4 in let t6 := t5 + ridge * (-1) in
  let t7 := pull_retain * t4 + ridge * (-1) * w2 in ridge <> 0 /\ W_real t1 /\ t3 <> 0 /\
  1 / 2 * (t5 + pull_retain * (-1) * t4 + ridge * (-2)) * t6 * t7 / ridge / t3 + t6 * t7 = 0.

(** §5.1.1: the term is of the form η²α|R_j|²/(|F||R|)·e^{−2w} − η²λwα|R_j|/|F|·e^{−w} *)
Definition second_order_printed_1 : Prop := forall (pull_retain ridge pull_forget w : R), 0 < pull_retain ->
  0 < ridge -> 0 <= pull_forget ->
  1 / 2 * (pull_forget * 2 * exp (w * (-1)) + ridge * (-2)) * (pull_retain * exp (w * (-1)) + ridge * w * (-1)) =
  pull_forget * pull_retain * exp (w * (-2)) + pull_forget * ridge * w * (-1) * exp (w * (-1)).
Definition second_order_true_1 : Prop := forall (pull_retain ridge pull_forget w : R), 0 < pull_retain ->
  0 < ridge -> 0 <= pull_forget ->
  1 / 2 * (pull_forget * 2 * exp (w * (-1)) + ridge * (-2)) * (pull_retain * exp (w * (-1)) + ridge * w * (-1)) =
  (pull_forget * exp (w * (-1)) + ridge * (-1)) * (pull_retain * exp (w * (-1)) + ridge * w * (-1)).
Definition second_order_true_2 : Prop := forall (pull_retain ridge pull_forget w : R), 0 < pull_retain ->
  0 < ridge -> 0 <= pull_forget ->
  pull_forget * pull_retain * (-1) * exp (w * (-2)) + pull_forget * ridge * w * exp (w * (-1)) + (pull_forget * exp (w
  * (-1)) + ridge * (-1)) * (pull_retain * exp (w * (-1)) + ridge * w * (-1)) = ridge * (-1) * (pull_retain * exp (w *
  (-1)) + ridge * w * (-1)).

(** §5.1.1: which increases for larger w *)
Definition increases_reading_1_1 : Prop := forall (pull_retain ridge pull_forget excess : R), 0 < pull_retain ->
  0 < ridge -> 0 < pull_forget -> 0 <= excess ->
  excess * pull_forget * ridge * (-1) * exp excess + pull_forget * pull_retain * (-2) * exp (excess * 2) + pull_forget
  * ridge * (-1) * exp excess < 0.
Definition increases_reading_2_1 : Prop := forall (pull_retain ridge pull_forget w : R), 0 < pull_retain ->
  0 < ridge -> 0 < pull_forget ->
  pull_forget * pull_retain * (-2) * exp (w * (-2)) + pull_forget * ridge * w * exp (w * (-1)) + pull_forget * ridge *
  (-1) * exp (w * (-1)) > 0.
Definition increases_true_1 : Prop := forall (pull_retain ridge pull_forget w : R), 0 < pull_retain -> 0 < ridge ->
  0 < pull_forget ->
  pull_forget * pull_retain * (-2) * exp (w * (-2)) + pull_forget * ridge * w * exp (w * (-1)) + pull_forget * ridge *
  (-1) * exp (w * (-1)) = pull_forget * (pull_retain * (-2) * exp (w * (-1)) + ridge * (w + (-1))) * exp (w * (-1)).
Definition increases_true_2 : Prop := forall (kept ridge excess : R), 0 <= kept -> 0 < ridge -> 0 < excess ->
  kept * ridge * (-1) * exp excess + ridge * (kept + excess * (-1)) < 0.
Definition increases_true_3 : Prop := forall (kept ridge excess : R), 0 <= kept -> 0 < ridge -> 0 < excess ->
  kept * ridge * (-1) * exp (excess * (-1)) + ridge * (excess + kept) > 0.

(** §5.1.1: The leading correction term O(η²) which was omitted in the update rule above stops the algorithms solution
    w^DA from diverging *)
Definition stops_divergence_printed_1 : Prop := forall (kept lift excess : R), 0 < kept -> 0 < lift ->
  0 <= excess -> excess * kept + kept * (-1) + kept * exp (excess * (-1)) >= 0.
Definition stops_divergence_printed_2 : Prop := forall (kept lift excess : R), 0 < kept -> 0 < lift ->
  0 <= excess -> excess * kept * (-1) + kept * (-1) + kept * exp excess >= 0.

(** §5.1.1: This addresses stability concerns *)
Definition comes_to_rest_reading_1_1 : Prop := stops_divergence_printed_1.
Definition comes_to_rest_reading_1_2 : Prop := stops_divergence_printed_2.
Definition comes_to_rest_reading_2_1 : Prop := forall (pull_retain learning_rate ratio_log : R), 0 < pull_retain ->
  0 < learning_rate -> 0 < ratio_log -> 1 + ratio_log * (-1) * (ratio_log + (-1)) + ratio_log * (-1) > (-1).
Definition comes_to_rest_true_1 : Prop := forall (ratio_log excess : R), 0 < ratio_log -> 0 < excess ->
  excess + ratio_log > (excess + ratio_log) * exp (excess * (-1)).
Definition comes_to_rest_true_2 : Prop := forall (kept excess : R), 0 < kept -> 0 < excess ->
  kept < kept * exp excess.
Definition comes_to_rest_true_3 : Prop := forall (pull_retain learning_rate ratio_log : R), 0 < pull_retain ->
  0 < learning_rate -> 0 < ratio_log ->
  1 + ratio_log * (-1) * (ratio_log + (-1)) + ratio_log * (-1) = 1 + (-1) * ratio_log ^ 2.
End Iterative_da.

(** * lemma-6: The retrained solution on the correlated pair (§5.1.2, App. H.1) *)
Module Lemma_6.

(** §5.1.2, App. H.1: x^R = W((1+ε²)|R_ij|/(λ|R|)), y^R = 2ε/(1+ε²)·W((1+ε²)|R_ij|/(λ|R|)) *)
Definition closed_form_printed_1 : Prop := every pair, 0 <= epsilon -> epsilon <= 1 -> 0 <= alpha ->
  n_retain <> 0 /\ ridge <> 0 /\ W_real (n_group * own / n_retain / ridge) /\
  x_retrained = n_group * own / n_retain / ridge * exp ((-1) * x_retrained).
Definition closed_form_printed_2 : Prop := every pair, 0 <= epsilon -> epsilon <= 1 -> 0 <= alpha ->
  n_retain <> 0 /\ ridge <> 0 /\ W_real (n_group * own / n_retain / ridge) /\ own <> 0 /\
  y_retrained = epsilon * n_group * 2 / n_retain / ridge * exp ((-1) * x_retrained).

(** App. H: for the same reason [1 + ε² ≥ 2ε], we get that y^R ≤ x^R *)
Definition order_printed_1 : Prop := every pair, 0 <= epsilon -> epsilon <= 1 -> 0 <= alpha -> n_retain <> 0 /\
  ridge <> 0 /\ W_real (n_group * own / n_retain / ridge) /\ own <> 0 /\ x_retrained >= y_retrained.
Definition order_true_1 : Prop := every pair, 0 <= epsilon -> epsilon <= 1 -> 0 <= alpha -> n_retain <> 0 /\
  ridge <> 0 /\ W_real (n_group * own / n_retain / ridge) /\ own <> 0 /\
  epsilon * (-2) * x_retrained / own + x_retrained = x_retrained * (1 + epsilon * (-1)) ^ 2 / own.
End Lemma_6.

(** * lemma-7: Bounds of the pretrained solution on the correlated pair (§5.1.2, App. H.1) *)
Module Lemma_7.

(** §5.1.2, App. H.1: W(|R_ij|/(λ|D|)·((1+ε²)+2αε)) ≤ x^D *)
Definition x_lower_reading_1_1 : Prop := forall `(Minima), pair_minima M -> every pair, 0 <= epsilon ->
  epsilon <= 1 -> 0 <= alpha -> alpha <= 1 -> ridge <> 0 /\ n_total <> 0 /\ 0 < strength /\ 0 <= epsilon /\
  0 < 1 + exp 1 * own * strength_forget /\
  W_real (alpha * epsilon * n_group * 2 / ridge / n_total + n_group * own / ridge / n_total) /\
  x_pretrained >= x_lower.
Definition x_lower_reading_2_1 : Prop := forall `(Minima), pair_minima M -> every pair, 0 <= epsilon ->
  epsilon <= 1 -> 0 <= alpha -> n_group <= n_retain -> alpha * n_group <= n_forget -> ridge <> 0 /\ n_total <> 0 /\
  0 < strength /\ 0 <= epsilon /\ 0 < 1 + exp 1 * own * strength_forget /\
  W_real (alpha * epsilon * n_group * 2 / ridge / n_total + n_group * own / ridge / n_total) /\
  x_pretrained >= x_lower.
Definition x_lower_true_2 : Prop := forall `(Minima), pair_minima M -> every pair, 0 < epsilon -> epsilon < 1 ->
  1 < alpha -> ridge <> 0 /\ n_total <> 0 /\ 0 < strength /\ 0 <= epsilon /\ 0 < 1 + exp 1 * own * strength_forget /\
  W_real (alpha * epsilon * n_group * 2 / ridge / n_total + n_group * own / ridge / n_total) /\
  x_pretrained < x_lower.
Definition x_lower_step_6 : Prop := forall `(Minima), pair_minima M -> every pair, 0 <= epsilon -> epsilon <= 1 ->
  0 <= alpha -> ridge <> 0 /\ n_total <> 0 /\ 0 < strength /\ 0 <= epsilon /\ 0 < 1 + exp 1 * own * strength_forget /\
  x_pretrained >= y_pretrained.

(** §5.1.2, App. H.1: x^D ≤ 2ε/(1+ε²)·W(α(1+ε²)|R_ij|/(λ|D|)) + W((1+ε²)|R_ij|/(λ|D|)) *)
Definition x_upper_printed_1 : Prop := forall `(Minima), pair_minima M -> every pair, 0 <= epsilon ->
  epsilon <= 1 -> 0 <= alpha -> ridge <> 0 /\ n_total <> 0 /\ W_real (alpha * n_group * own / ridge / n_total) /\
  own <> 0 /\ W_real (n_group * own / ridge / n_total) /\ 0 < strength /\ 0 <= epsilon /\
  0 < 1 + exp 1 * own * strength_forget /\ x_upper >= x_pretrained.
Definition x_upper_true_2 : Prop := forall `(Minima), pair_minima M -> every pair, 0 <= epsilon -> epsilon <= 1 ->
  0 <= alpha -> alpha <= 1 -> ridge <> 0 /\ n_total <> 0 /\ W_real (n_group / ridge * (epsilon + 1) ^ 2 / n_total) /\
  0 < strength /\ 0 <= epsilon /\ 0 < 1 + exp 1 * own * strength_forget /\
  W0 (n_group / ridge * (epsilon + 1) ^ 2 / n_total) >= x_pretrained.
Definition x_upper_true_3 : Prop := forall `(Minima), pair_minima M -> every pair, 0 <= epsilon -> epsilon <= 1 ->
  0 <= alpha -> alpha <= 0 -> ridge <> 0 /\ n_total <> 0 /\ 0 < strength /\ 0 <= epsilon /\
  0 < 1 + exp 1 * own * strength_forget /\ W_real (n_group * own / ridge / n_total) /\
  x_pretrained = W0 (n_group * own / ridge / n_total).
Definition x_upper_true_4 : Prop := forall `(Minima), pair_minima M -> every pair, 0 <= epsilon -> epsilon <= 1 ->
  1 <= alpha -> alpha <= 1 -> ridge <> 0 /\ n_total <> 0 /\ 0 < strength /\ 0 <= epsilon /\
  0 < 1 + exp 1 * own * strength_forget /\ W_real (n_group / ridge * (epsilon + 1) ^ 2 / n_total) /\
  x_pretrained = W0 (n_group / ridge * (epsilon + 1) ^ 2 / n_total).

(** §5.1.2, App. H.1: W(α(1+ε²)|R_ij|/(λ|D|)) ≤ y^D *)
Definition y_lower_printed_1 : Prop := forall `(Minima), pair_minima M -> every pair, 0 <= epsilon ->
  epsilon <= 1 -> 0 <= alpha -> ridge <> 0 /\ n_total <> 0 /\ 0 < strength /\ 0 <= epsilon /\
  0 < 1 + exp 1 * own * strength_forget /\ W_real (alpha * n_group * own / ridge / n_total) /\
  y_pretrained >= y_lower.
Definition y_lower_true_2 : Prop := forall `(Minima), pair_minima M -> every pair, 0 <= epsilon -> epsilon <= 1 ->
  0 <= alpha -> alpha <= 1 -> ridge <> 0 /\ n_total <> 0 /\ 0 < strength /\ 0 <= epsilon /\
  0 < 1 + exp 1 * own * strength_forget /\ W_real (alpha * n_group / ridge * (epsilon + 1) ^ 2 / n_total) /\
  y_pretrained >= W0 (alpha * n_group / ridge * (epsilon + 1) ^ 2 / n_total).
Definition y_lower_true_3 : Prop := forall `(Minima), pair_minima M -> every pair, 0 <= epsilon -> epsilon <= 1 ->
  1 <= alpha -> alpha <= 1 -> ridge <> 0 /\ n_total <> 0 /\ 0 < strength /\ 0 <= epsilon /\
  0 < 1 + exp 1 * own * strength_forget /\ W_real (alpha * n_group / ridge * (epsilon + 1) ^ 2 / n_total) /\
  y_pretrained = W0 (alpha * n_group / ridge * (epsilon + 1) ^ 2 / n_total).

(** §5.1.2, App. H.1: y^D ≤ W(|R_ij|/(λ|D|)·(2ε+α(1+ε²))) *)
Definition y_upper_reading_1_1 : Prop := forall `(Minima), pair_minima M -> every pair, 0 <= epsilon ->
  epsilon <= 1 -> 0 <= alpha -> alpha <= 1 -> ridge <> 0 /\ n_total <> 0 /\
  W_real (alpha * n_group * own / ridge / n_total + epsilon * n_group * 2 / ridge / n_total) /\ 0 < strength /\
  0 <= epsilon /\ 0 < 1 + exp 1 * own * strength_forget /\ y_upper >= y_pretrained.
Definition y_upper_reading_2_1 : Prop := forall `(Minima), pair_minima M -> every pair, 0 <= epsilon ->
  epsilon <= 1 -> 0 <= alpha -> n_group <= n_retain -> alpha * n_group <= n_forget -> ridge <> 0 /\ n_total <> 0 /\
  W_real (alpha * n_group * own / ridge / n_total + epsilon * n_group * 2 / ridge / n_total) /\ 0 < strength /\
  0 <= epsilon /\ 0 < 1 + exp 1 * own * strength_forget /\ y_upper >= y_pretrained.
Definition y_upper_true_2 : Prop := forall `(Minima), pair_minima M -> every pair, 0 < epsilon -> epsilon < 1 ->
  1 < alpha -> ridge <> 0 /\ n_total <> 0 /\ 0 < strength /\ 0 <= epsilon /\ 0 < 1 + exp 1 * own * strength_forget /\
  W_real (alpha * n_group * own / ridge / n_total + epsilon * n_group * 2 / ridge / n_total) /\
  y_pretrained > y_upper.
End Lemma_7.

(** * lemma-8: Bounds of the descent-ascent solution on the correlated pair (§5.1.2, App. H.1) *)
Module Lemma_8.

(** §5.1.2, App. H.1: x^DA ≤ W(|R_ij|/(λ|R|)·(1+ε²) − |R_ij|/(λ|F|)·2αε) *)
Definition x_upper_printed_1 : Prop := forall `(Epsilon, Retain_pull, Forget_pull), 0 <= epsilon -> epsilon <= 1 ->
  0 < pull_retain -> 0 <= pull_forget ->
  W_real (epsilon * pull_forget * (-2) * exp margin_y_da + pull_retain * own * exp margin_x_da) /\
  W0 (epsilon * pull_forget * (-2) * exp margin_y_da + pull_retain * own * exp margin_x_da) >= margin_x_da.
Definition x_upper_true_1 : Prop := forall `(Minima), pair_minima M -> every pair, 0 <= epsilon -> epsilon <= 1 ->
  0 <= alpha -> alpha < n_forget * ridge / n_group / own * exp (-1) -> n_forget <> 0 /\ ridge <> 0 /\ n_retain <> 0 /\
  W_real (alpha * epsilon * n_group * (-2) / n_forget / ridge + n_group * own / n_retain / ridge) /\
  0 < z_retrained /\ 0 <= epsilon /\ 0 < 1 + exp 1 * own * strength_da /\ x_da_upper >= x_da.
Definition x_upper_true_2 : Prop := forall `(Minima), pair_minima M -> every pair, 1 <= epsilon -> epsilon <= 1 ->
  0 <= alpha -> alpha < n_forget * ridge / n_group / own * exp (-1) -> n_retain <> 0 /\ ridge <> 0 /\ n_forget <> 0 /\
  0 < z_retrained /\ 0 <= epsilon /\ 0 < 1 + exp 1 * own * strength_da /\
  W_real (alpha * epsilon * n_group * (-2) / n_forget / ridge + n_group * own / n_retain / ridge) /\
  x_da = x_da_upper.
Definition x_upper_true_3 : Prop := forall `(Minima), pair_minima M -> every pair, 0 <= epsilon -> epsilon <= 1 ->
  0 <= alpha -> alpha <= 0 -> n_retain <> 0 /\ ridge <> 0 /\ n_forget <> 0 /\ 0 < z_retrained /\ 0 <= epsilon /\
  0 < 1 + exp 1 * own * strength_da /\
  W_real (alpha * epsilon * n_group * (-2) / n_forget / ridge + n_group * own / n_retain / ridge) /\
  x_da = x_da_upper.

(** §5.1.2, App. H.1: y^DA ≤ W(|R_ij|/(λ|R|)·2ε − |R_ij|/(λ|F|)·α(1+ε²)) *)
Definition y_upper_printed_1 : Prop := forall `(Epsilon, Retain_pull, Forget_pull), 0 <= epsilon -> epsilon <= 1 ->
  0 < pull_retain -> 0 <= pull_forget ->
  W_real (epsilon * pull_retain * 2 * exp margin_x_da + pull_forget * (-1) * own * exp margin_y_da) /\
  W0 (epsilon * pull_retain * 2 * exp margin_x_da + pull_forget * (-1) * own * exp margin_y_da) >= margin_y_da.
Definition y_upper_true_1 : Prop := forall `(Minima), pair_minima M -> every pair, 0 <= epsilon -> epsilon <= 1 ->
  0 <= alpha -> alpha < n_forget * ridge / n_group / own * exp (-1) -> n_forget <> 0 /\ ridge <> 0 /\ n_retain <> 0 /\
  W_real (alpha * n_group * (-1) * own / n_forget / ridge + epsilon * n_group * 2 / n_retain / ridge) /\
  0 < z_retrained /\ 0 <= epsilon /\ 0 < 1 + exp 1 * own * strength_da /\ y_da_upper >= y_da.
Definition y_upper_true_2 : Prop := forall `(Minima), pair_minima M -> every pair, 1 <= epsilon -> epsilon <= 1 ->
  0 <= alpha -> alpha < n_forget * ridge / n_group / own * exp (-1) -> n_retain <> 0 /\ ridge <> 0 /\ n_forget <> 0 /\
  0 < z_retrained /\ 0 <= epsilon /\ 0 < 1 + exp 1 * own * strength_da /\
  W_real (alpha * n_group * (-1) * own / n_forget / ridge + epsilon * n_group * 2 / n_retain / ridge) /\
  y_da = y_da_upper.

(** §5.1.2: x^DA, y^DA for the DA unlearning scheme: the stationary point *)
Definition existence_reading_1_1 : Prop := forall `(Epsilon, Retain_pull, Forget_pull), 0 <= epsilon ->
  epsilon <= 1 -> 0 < pull_retain ->
  (1 + pull_retain * own) / (1 + pull_retain * (1 + (-1) * epsilon ^ 2) ^ 2 + epsilon ^ 2) < pull_forget ->
  determinant < 0.
Definition existence_reading_2_1 : Prop := every pair, 0 <= epsilon -> epsilon <= 1 -> 0 <= alpha ->
  n_group <= n_retain -> alpha * n_group <= n_forget -> n_forget <> 0 /\ ridge <> 0 /\ n_retain <> 0 /\
  W_real (alpha * n_group * (-1) * own / n_forget / ridge + epsilon * n_group * 2 / n_retain / ridge) /\
  y_da_upper >= (-1).
Definition existence_true_1 : Prop := forall `(Epsilon, Retain_pull, Forget_pull), 0 <= epsilon -> epsilon <= 1 ->
  0 < pull_retain -> 0 <= pull_forget ->
  pull_forget < (1 + pull_retain * own) / (1 + pull_retain * (1 + (-1) * epsilon ^ 2) ^ 2 + epsilon ^ 2) ->
  determinant > 0.
End Lemma_8.

(** * lemma-9: From which α on descent-ascent lies below the pretrained model (§5.1.2, App. H.2) *)
Module Lemma_9.

(** §5.1.2, App. H.2: α ≥ (1+ε²)/(2ε)·|F|²/(|R|(|D|+|F|)) ⇒ x^D ≥ x^DA *)
Definition x_printed_1 : Prop := forall `(Retain, Forget, Epsilon, Alpha) (pull_retain_da lead ratio excess : R),
  0 < n_retain -> 0 < n_forget -> 0 < epsilon -> epsilon <= 1 -> alpha_min_x <= alpha -> 0 < pull_retain_da ->
  0 < lead -> 1 <= ratio -> 1 <= excess -> n_forget <> 0 /\ n_total <> 0 /\
  lead + pull_retain_da * (alpha * epsilon * n_retain * 2 * (excess / n_forget + ratio / n_total) + ((-1) + n_retain /
  n_total * exp lead) * own) > 0.
Definition x_printed_2 : Prop := forall `(Retain, Forget, Epsilon, Alpha) (pull_retain_da lead ratio excess : R),
  0 < n_retain -> 0 < n_forget -> 0 < epsilon -> epsilon <= 1 -> alpha_min_x <= alpha -> 0 < pull_retain_da ->
  0 < lead -> 1 <= ratio -> 1 <= excess -> n_forget <> 0 /\ ratio <> 0 /\ n_total <> 0 /\
  lead + pull_retain_da * (alpha * epsilon * n_retain * 2 * (excess * ratio / n_forget * exp lead + / ratio / n_total)
  + ((-1) + n_retain / n_total * exp lead) * own) > 0.
Definition x_true_3 : Prop := forall `(Retain, Forget, Epsilon, Alpha) (pull_retain_da lead ratio excess : R),
  0 < n_retain -> 0 < n_forget -> 0 < epsilon -> epsilon <= 1 -> alpha_min_x <= alpha -> alpha <= alpha_min_x ->
  0 < pull_retain_da -> 0 <= lead -> lead <= 0 -> 1 <= ratio -> ratio <= 1 -> 1 <= excess -> excess <= 1 ->
  n_forget <> 0 /\ n_total <> 0 /\
  lead + pull_retain_da * (alpha * epsilon * n_retain * 2 * (excess / n_forget + ratio / n_total) + ((-1) + n_retain /
  n_total * exp lead) * own) = 0.
Definition x_true_4 : Prop := forall `(Retain, Forget, Epsilon, Alpha) (pull_retain_da lead ratio excess : R),
  0 < n_retain -> 0 < n_forget -> 0 < epsilon -> epsilon <= 1 -> alpha_min_x <= alpha -> alpha <= alpha_min_x ->
  0 < pull_retain_da -> 0 <= lead -> lead <= 0 -> 1 <= ratio -> ratio <= 1 -> 1 <= excess -> excess <= 1 ->
  n_forget <> 0 /\ ratio <> 0 /\ n_total <> 0 /\
  lead + pull_retain_da * (alpha * epsilon * n_retain * 2 * (excess * ratio / n_forget * exp lead + / ratio / n_total)
  + ((-1) + n_retain / n_total * exp lead) * own) = 0.
Definition x_step_1 : Prop := forall `(Minima), pair_minima M -> every pair, 0 < epsilon -> epsilon <= 1 ->
  alpha_min_x <= alpha -> ridge <> 0 /\ n_total <> 0 /\ 0 < strength /\ 0 <= epsilon /\
  0 < 1 + exp 1 * own * strength_forget /\
  W_real (alpha * epsilon * n_group * 2 / ridge / n_total + n_group * own / ridge / n_total) /\
  x_pretrained >= x_lower.

(** §5.1.2, App. H.2: α ≥ 2ε/(1+ε²)·|F||D|/(|R|(|D|+|F|)) ⇒ y^D ≥ y^DA *)
Definition y_printed_1 : Prop :=
  forall `(Retain, Forget, Epsilon, Alpha) (pull_forget_da lead : R) `(Retain_pull) (excess : R), 0 < n_retain ->
  0 < n_forget -> 0 < epsilon -> epsilon <= 1 -> alpha_min_y <= alpha -> 0 < pull_forget_da -> 0 < lead ->
  0 <= pull_retain -> 1 <= excess -> n_total <> 0 /\ excess <> 0 /\ n_retain <> 0 /\
  alpha * (lead + epsilon * pull_retain * 2 + pull_forget_da * (1 + n_forget / n_total * exp lead) * own) > epsilon *
  n_forget * pull_forget_da * 2 / excess / n_retain.
Definition y_true_2 : Prop :=
  forall `(Retain, Forget, Epsilon, Alpha) (pull_forget_da lead : R) `(Retain_pull) (excess : R), 0 < n_retain ->
  0 < n_forget -> 0 < epsilon -> epsilon <= 1 -> alpha_min_y <= alpha -> alpha <= alpha_min_y -> 0 < pull_forget_da ->
  0 <= lead -> lead <= 0 -> 0 <= pull_retain -> pull_retain <= 0 -> 1 <= excess -> excess <= 1 -> n_total <> 0 /\
  excess <> 0 /\ n_retain <> 0 /\
  alpha * (lead + epsilon * pull_retain * 2 + pull_forget_da * (1 + n_forget / n_total * exp lead) * own) = epsilon *
  n_forget * pull_forget_da * 2 / excess / n_retain.
End Lemma_9.

(** * lemma-10: Up to which α the retrained model lies above the pretrained one (§5.1.2, App. H.2) *)
Module Lemma_10.

(** §5.1.2, App. H.2: α ≤ α_x^{R>D} of eq. (6) ⇒ x^R ≥ x^D *)
Definition x_printed_1 : Prop := forall (kept gone tilt fall step drop : R), 0 < kept -> 0 < gone -> 1 <= tilt ->
  0 < fall -> fall < 1 -> fall <= step -> 0 <= drop -> drop <= gone -> tilt <> 0 /\
  (gone + step + fall * kept) * exp (tilt * (gone + step + fall * kept) + (kept + fall * kept * (-1)) / tilt) > drop *
  exp (drop * tilt).
Definition x_true_1 : Prop := forall (tilt drop v_ alpha : R), 0 < tilt -> 0 < drop -> 0 < v_ -> 0 <= alpha ->
  alpha <= drop * tilt / v_ * exp (drop * tilt) * exp (v_ * (-1)) -> W_real (alpha * v_ * exp v_) /\
  drop * tilt >= W0 (alpha * v_ * exp v_).
Definition x_true_2 : Prop := forall (tilt drop v_ alpha : R), 0 < tilt -> 0 < drop -> 0 < v_ ->
  drop * tilt / v_ * exp (drop * tilt) * exp (v_ * (-1)) < alpha -> W_real (alpha * v_ * exp v_) /\
  drop * tilt < W0 (alpha * v_ * exp v_).

(** §5.1.2, App. H.2: α ≤ min{α_x, α_y} with eq. (7) ⇒ y^R ≥ y^D *)
Definition y_reading_1_1 : Prop := forall `(Epsilon, Retain_pull, Forget_pull) (level : R), 0 < epsilon ->
  epsilon <= 1 -> 0 < pull_retain -> 0 <= pull_forget -> pull_forget <= pull_retain -> 0 <= level ->
  level < margin_y -> epsilon * pull_retain * 2 * exp margin_x + pull_forget * own * exp margin_y > level * exp level.
Definition y_reading_2_1 : Prop := forall `(Minima), pair_minima M -> every pair, 0 < epsilon -> epsilon <= 1 ->
  0 <= alpha -> alpha <= Rmin alpha_max_x alpha_max_y -> n_group <= n_retain -> alpha * n_group <= n_forget ->
  n_retain <> 0 /\ ridge <> 0 /\ W_real (n_group * own / n_retain / ridge) /\ own <> 0 /\ n_total <> 0 /\
  0 < strength /\ 0 <= epsilon /\ 0 < 1 + exp 1 * own * strength_forget /\ y_retrained >= y_pretrained.
Definition y_true_1 : Prop := forall `(Epsilon) (level limit : R) `(Alpha), 0 < epsilon -> epsilon <= 1 ->
  0 < level -> 0 <= limit -> 0 <= alpha -> alpha <= limit -> cross + limit * own <> 0 /\
  W_real (alpha * level * own / (cross + limit * own) * exp level + epsilon * level * 2 / (cross + limit * own) * exp
  level) /\
  level >= W0 (alpha * level * own / (cross + limit * own) * exp level + epsilon * level * 2 / (cross + limit * own) *
  exp level).
Definition y_true_2 : Prop := forall `(Epsilon) (level limit : R) `(Alpha), 0 < epsilon -> epsilon <= 1 ->
  0 < level -> 0 <= limit -> limit < alpha -> cross + limit * own <> 0 /\
  W_real (alpha * level * own / (cross + limit * own) * exp level + epsilon * level * 2 / (cross + limit * own) * exp
  level) /\
  level < W0 (alpha * level * own / (cross + limit * own) * exp level + epsilon * level * 2 / (cross + limit * own) *
  exp level).
Definition y_step_2 : Prop := forall `(Minima), pair_minima M -> every pair, 0 < epsilon -> epsilon <= 1 ->
  0 <= alpha -> alpha <= Rmin alpha_max_x alpha_max_y -> n_retain <> 0 /\ ridge <> 0 /\
  W_real (n_group * own / n_retain / ridge) /\ own <> 0 /\ n_total <> 0 /\ 0 < strength /\ 0 <= epsilon /\
  0 < 1 + exp 1 * own * strength_forget /\ y_retrained >= y_pretrained.

(** App. H.2: for any α < α_y^{R>D} there is a range of ε for which y^R > y^D *)
Definition range_reading_1_1 : Prop := forall (kept gone tilt : R), 0 < kept -> 0 < gone -> 1 <= tilt ->
  tilt <= 1 -> kept <> 0 /\ tilt <> 0 /\
  ((-1) + (gone + kept) / kept * exp (gone * (-1) + kept * (-1) + (gone + kept) / tilt)) / tilt = gone / kept.
Definition range_reading_2_1 : Prop := forall `(Minima), pair_minima M -> every pair, 0 < epsilon -> epsilon <= 1 ->
  0 <= alpha -> alpha < alpha_max_y -> n_group <= n_retain -> alpha * n_group <= n_forget -> n_retain <> 0 /\
  ridge <> 0 /\ W_real (n_group * own / n_retain / ridge) /\ own <> 0 /\ n_total <> 0 /\ 0 < strength /\
  0 <= epsilon /\ 0 < 1 + exp 1 * own * strength_forget /\ y_retrained >= y_pretrained.
Definition range_true_1 : Prop := forall (kept gone tilt : R), 0 < kept -> 0 < gone -> 0 < tilt -> tilt <> 0 /\
  kept <> 0 /\
  (-1) / tilt + (gone + kept) / kept / tilt * exp ((gone + kept) / tilt) * exp (gone * (-1) + kept * (-1)) = ((-1) +
  (gone + kept) / kept * exp (gone * (-1) + kept * (-1) + (gone + kept) / tilt)) / tilt.
Definition range_true_2 : Prop := forall `(Retain, Forget, Ridge, Group, Epsilon), 90 <= n_retain ->
  n_retain <= 90 -> 10 <= n_forget -> n_forget <= 10 -> 1 / 2 <= ridge -> ridge <= 1 / 2 -> 20 <= n_group ->
  n_group <= 20 -> 3 / 10 <= epsilon -> epsilon <= 3 / 10 -> n_retain <> 0 /\ ridge <> 0 /\
  W_real (n_group * own / n_retain / ridge) /\ n_group <> 0 /\ own <> 0 /\ alpha_max_y < 0.
End Lemma_10.

(** * lemma-12: Order of the pretrained margins on the correlated pair (App. H) *)
Module Lemma_12.

(** App. H, lemma 12: for any α ≤ 1 there exists a solution for the original dataset such that y^D ≤ x^D *)
Definition order_printed_1 : Prop := forall `(Minima), pair_minima M -> every pair, 0 <= epsilon -> epsilon <= 1 ->
  0 <= alpha -> alpha <= 1 -> ridge <> 0 /\ n_total <> 0 /\ 0 < strength /\ 0 <= epsilon /\
  0 < 1 + exp 1 * own * strength_forget /\ x_pretrained >= y_pretrained.
Definition order_true_2 : Prop := forall `(Minima), pair_minima M -> every pair, 0 <= epsilon -> epsilon < 1 ->
  1 < alpha -> ridge <> 0 /\ n_total <> 0 /\ 0 < strength /\ 0 <= epsilon /\ 0 < 1 + exp 1 * own * strength_forget /\
  x_pretrained < y_pretrained.
Definition order_true_3 : Prop := Lemma_7.x_upper_true_4.
Definition order_true_4 : Prop := forall `(Minima), pair_minima M -> every pair, 0 <= epsilon -> epsilon <= 1 ->
  1 <= alpha -> alpha <= 1 -> ridge <> 0 /\ n_total <> 0 /\ 0 < strength /\ 0 <= epsilon /\
  0 < 1 + exp 1 * own * strength_forget /\ W_real (n_group / ridge * (epsilon + 1) ^ 2 / n_total) /\
  y_pretrained = W0 (n_group / ridge * (epsilon + 1) ^ 2 / n_total).
Definition order_step_5 : Prop := every pair, 0 <= epsilon -> epsilon <= 1 -> 0 <= alpha -> alpha <= 1 ->
  ridge <> 0 /\ n_total <> 0 /\ W_real (n_group / ridge * (epsilon + 1) ^ 2 / n_total) /\
  W_real (n_group * own / ridge / n_total * exp (alpha * epsilon * n_group * (-2) / ridge / n_total * exp ((-1) * W0
  (n_group / ridge * (epsilon + 1) ^ 2 / n_total)))) /\
  alpha * epsilon * n_group * 2 / ridge / n_total * exp ((-1) * W0 (n_group / ridge * (epsilon + 1) ^ 2 / n_total)) +
  W0 (n_group * own / ridge / n_total * exp (alpha * epsilon * n_group * (-2) / ridge / n_total * exp ((-1) * W0
  (n_group / ridge * (epsilon + 1) ^ 2 / n_total)))) = W0 (n_group / ridge * (epsilon + 1) ^ 2 / n_total).
Definition order_step_6 : Prop := every pair, 0 < epsilon -> epsilon <= 1 -> 0 <= alpha -> alpha < 1 ->
  let t1 := alpha * epsilon * n_group in let t2 := n_group / ridge * (epsilon + 1) ^ 2 / n_total in let w3 := W0 t2 in
  let t4 := epsilon * n_group * (-2) / ridge / n_total * exp ((-1) * w3) in
  let t5 := alpha * n_group * own / ridge / n_total * exp t4 in let t6 := exp (t4 + (-1) * W0 t5) in
  let t7 := n_group * own / ridge / n_total * exp (t1 * (-2) / ridge / n_total * t6) in ridge <> 0 /\ n_total <> 0 /\
  W_real t2 /\ W_real t5 /\ W_real t7 /\ t1 * 2 / ridge / n_total * t6 + W0 t7 > w3.
Definition order_step_7 : Prop := every pair, 0 < epsilon -> epsilon <= 1 -> 0 <= alpha -> alpha < 1 ->
  let t1 := epsilon * n_group * 2 / ridge / n_total in let t2 := epsilon * n_group * (-2) / ridge / n_total in
  let t3 := n_group / ridge * (epsilon + 1) ^ 2 / n_total in let t4 := alpha * n_group * own / ridge / n_total in
  let t5 := exp ((-1) * W0 t3) in let t6 := t2 * t5 in let t7 := t4 * exp t6 in let w8 := W0 t7 in
  let t9 := alpha * epsilon * n_group * (-2) / ridge / n_total * exp (t6 + (-1) * w8) in
  let t10 := n_group * own / ridge / n_total * exp t9 in let t11 := exp (t9 + (-1) * W0 t10) in
  let t12 := t4 * exp (t2 * t11) in ridge <> 0 /\ n_total <> 0 /\ W_real t3 /\ W_real t7 /\ W_real t10 /\
  W_real t12 /\ t1 * t11 + W0 t12 < t1 * t5 + w8.
Definition order_step_8 : Prop := every pair, 0 <= epsilon -> epsilon <= 1 -> 0 <= alpha ->
  let t1 := alpha * epsilon * n_group in let t2 := n_group / ridge * (epsilon + 1) ^ 2 / n_total in
  let t3 := exp ((-1) * W0 t2) in let t4 := epsilon * n_group * (-2) / ridge / n_total * t3 in
  let t5 := alpha * n_group * own / ridge / n_total * exp t4 in let w6 := W0 t5 in let t7 := exp (t4 + (-1) * w6) in
  let t8 := n_group * own / ridge / n_total * exp (t1 * (-2) / ridge / n_total * t7) in ridge <> 0 /\ n_total <> 0 /\
  W_real t2 /\ W_real t5 /\ W_real t8 /\
  t1 * 2 / ridge / n_total * t7 + W0 t8 >= epsilon * n_group * 2 / ridge / n_total * t3 + w6.

(** App. H: finally without loss of generality we will use that y^D ≤ x^D *)
Definition without_loss_printed_1 : Prop := forall `(Minima), pair_minima M -> every pair, 0 <= epsilon ->
  epsilon <= 1 -> 0 <= alpha -> n_group <= n_retain -> alpha * n_group <= n_forget -> ridge <> 0 /\ n_total <> 0 /\
  0 < strength /\ 0 <= epsilon /\ 0 < 1 + exp 1 * own * strength_forget /\ x_pretrained >= y_pretrained.
Definition without_loss_true_1 : Prop := order_printed_1.

(** App. H: y^DA ≤ x^DA, since 1 + ε² ≥ 2ε, for the same reason y^R ≤ x^R *)
Definition other_problems_printed_1 : Prop := forall `(Epsilon, Retain_pull, Forget_pull), 0 <= epsilon ->
  epsilon <= 1 -> 0 < pull_retain -> 0 <= pull_forget -> margin_x_da >= margin_y_da.
Definition other_problems_printed_2 : Prop := Lemma_6.order_printed_1.
Definition other_problems_true_1 : Prop := forall `(Epsilon, Retain_pull, Forget_pull), 0 <= epsilon ->
  epsilon <= 1 -> 0 < pull_retain -> 0 <= pull_forget ->
  epsilon * pull_forget * (-2) + epsilon * pull_retain * (-2) + pull_forget * own + pull_retain * own = (pull_forget +
  pull_retain) * (1 + epsilon * (-1)) ^ 2.

(** App. H: our claim that DA can only harm the model if there is a total ordering over the values of the solutions of
    the rewritten equations *)
Definition total_order_reading_1_1 : Prop := forall (gap_above gap_below : R), 0 <= gap_above -> 0 <= gap_below ->
  (gap_above + gap_below) ^ 2 >= gap_above ^ 2.
Definition total_order_reading_2_1 : Prop := forall `(Minima), pair_minima M -> every pair, 0 <= epsilon ->
  epsilon < 1 -> 0 <= alpha -> n_group <= n_retain -> alpha * n_group <= n_forget -> n_retain <> 0 /\ ridge <> 0 /\
  W_real (n_group * own / n_retain / ridge) /\ own <> 0 /\ n_forget <> 0 /\ 0 < z_retrained /\ 0 <= epsilon /\
  0 < 1 + exp 1 * own * strength_da /\ (-1) + epsilon ^ 2 <> 0 /\ n_total <> 0 /\ 0 < strength /\
  0 < 1 + exp 1 * own * strength_forget /\
  Rabs ((epsilon * (-1) * (y_retrained + (-1) * y_da) + (-1) * x_da + x_retrained) / ((-1) + epsilon ^ 2)) >= Rabs
  ((epsilon * (-1) * (y_retrained + (-1) * y_pretrained) + (-1) * x_pretrained + x_retrained) / ((-1) + epsilon ^ 2)).
End Lemma_12.

(** * figure-4: How large the window of certain harm is (§5.1.2, Fig. 4) *)
Module Figure_4.

(** §5.1.2: we show numerically in Fig. 4 that this range is typically large *)
Definition typically_large_reading_1_1 : Prop := forall `(Retain, Forget, Ridge, Group, Epsilon), 9 <= n_retain ->
  n_retain <= 9 -> 1 <= n_forget -> n_forget <= 1 -> 1000 <= ridge -> ridge <= 1000 -> 1 <= n_group -> n_group <= 1 ->
  3 / 10 <= epsilon -> epsilon <= 3 / 10 -> ridge <> 0 /\ n_total <> 0 /\ W_real (n_group * own / ridge / n_total) /\
  n_retain <> 0 /\ W_real (n_group * own / n_retain / ridge) /\ epsilon <> 0 /\ n_group <> 0 /\ own <> 0 /\
  n_retain + n_forget * 2 <> 0 /\ Rmin alpha_max_x alpha_max_y + Rmax alpha_min_x alpha_min_y * (-1) > 0.
Definition typically_large_reading_2_1 : Prop := forall `(Retain, Forget, Ridge, Group, Epsilon), 9 <= n_retain ->
  n_retain <= 9 -> 1 <= n_forget -> n_forget <= 1 -> 1 / 10 <= ridge -> ridge <= 1 / 10 -> 1 <= n_group ->
  n_group <= 1 -> 7 / 10 <= epsilon -> epsilon <= 7 / 10 -> ridge <> 0 /\ n_total <> 0 /\
  W_real (n_group * own / ridge / n_total) /\ n_retain <> 0 /\ W_real (n_group * own / n_retain / ridge) /\
  epsilon <> 0 /\ n_group <> 0 /\ own <> 0 /\ n_retain + n_forget * 2 <> 0 /\
  Rmin alpha_max_x alpha_max_y + Rmax alpha_min_x alpha_min_y * (-1) >= 0.
Definition typically_large_reading_3_1 : Prop := forall `(Retain, Forget, Ridge, Group, Epsilon), 9 <= n_retain ->
  n_retain <= 9 -> 1 <= n_forget -> n_forget <= 1 -> 1000 <= ridge -> ridge <= 1000 -> 1 <= n_group -> n_group <= 1 ->
  3 / 10 <= epsilon -> epsilon <= 3 / 10 -> ridge <> 0 /\ n_total <> 0 /\ W_real (n_group * own / ridge / n_total) /\
  n_retain <> 0 /\ W_real (n_group * own / n_retain / ridge) /\ epsilon <> 0 /\ n_group <> 0 /\ own <> 0 /\
  n_retain + n_forget * 2 <> 0 /\ Rmin alpha_max_x alpha_max_y + Rmax alpha_min_x alpha_min_y * (-1) >= balance.
Definition typically_large_true_1 : Prop := forall (kept gone tilt : R), 0 < kept -> 0 < gone -> 1 <= tilt ->
  kept <> 0 /\ tilt <> 0 /\ 1 + gone * 2 / kept <> 0 /\
  gone * (-1) * (1 + gone / kept) / kept / tilt / (1 + gone * 2 / kept) + ((-1) + (gone + kept) / kept * exp (gone *
  (-1) + kept * (-1) + (gone + kept) / tilt)) / tilt <= gone ^ 2 / kept ^ 2 / tilt / (1 + gone * 2 / kept).
Definition typically_large_true_2 : Prop := forall `(Retain, Forget, Group, Ridge, Epsilon), 9 <= n_retain ->
  n_retain <= 9 -> 1 <= n_forget -> n_forget <= 1 -> 1 <= n_group -> n_group <= 1 -> 1 / 1000 <= ridge ->
  ridge <= 1 -> 1 / 10 <= epsilon -> epsilon <= 1 -> epsilon <> 0 /\ n_retain <> 0 /\ n_retain + n_forget * 2 <> 0 /\
  own <> 0 /\ ridge <> 0 /\ n_total <> 0 /\ W_real (n_group * own / ridge / n_total) /\
  W_real (n_group * own / n_retain / ridge) /\ n_group <> 0 /\
  Rmax alpha_min_x alpha_min_y + Rmin alpha_max_x alpha_max_y * (-1) > 0.
Definition typically_large_true_3 : Prop := forall (tilt kept gone : R), exp (1 / 2 * ln 2) < tilt -> 0 < kept ->
  kept / ((-2) + tilt ^ 2) < gone -> kept <> 0 /\ tilt <> 0 /\ 1 + gone * 2 / kept <> 0 /\
  gone / kept / tilt + tilt * (-1) * gone ^ 2 / kept ^ 2 / (1 + gone * 2 / kept) < 0.

(** §5.1.2: and broadens as the fraction of samples to be forgotten increases *)
Definition broadens_reading_1_1 : Prop := forall `(Retain, Forget, Ridge, Group, Epsilon), 9 <= n_retain ->
  n_retain <= 9 -> 1 <= n_forget -> n_forget <= 1 -> 1000 <= ridge -> ridge <= 1000 -> 1 <= n_group -> n_group <= 1 ->
  1 / 2 <= epsilon -> epsilon <= 1 / 2 -> let t1 := n_group * own / ridge in let t2 := t1 / (n_retain + 1) in
  let t3 := t1 / (n_retain + 90) in let t4 := (-1) * W0 t2 + x_retrained in let t5 := (-1) * W0 t3 + x_retrained in
  epsilon <> 0 /\ n_retain <> 0 /\ n_retain + 2 <> 0 /\ own <> 0 /\ ridge <> 0 /\ n_retain + 90 <> 0 /\ W_real t3 /\
  W_real (n_group * own / n_retain / ridge) /\ n_group <> 0 /\ n_retain + 180 <> 0 /\ n_retain + 1 <> 0 /\
  W_real t2 /\
  Rmax (1 / 2 * own / epsilon / n_retain / (n_retain + 2)) (cross * (n_retain + 1) / n_retain / (n_retain + 2) / own)
  + Rmin (1 / 2 * ridge * (n_retain + 90) * t5 / epsilon / n_group * exp (1 / 2 * own * t5 / epsilon)) (cross * ((-1)
  + ridge * (n_retain + 90) * x_retrained / n_group * exp y_retrained + (-1) * epsilon ^ 2) / own ^ 2) + Rmax (epsilon
  * 180 * (n_retain + 90) / n_retain / (n_retain + 180) / own) (4050 * own / epsilon / n_retain / (n_retain + 180)) *
  (-1) + Rmin (1 / 2 * ridge * (n_retain + 1) * t4 / epsilon / n_group * exp (1 / 2 * own * t4 / epsilon)) (cross *
  ((-1) + ridge * (n_retain + 1) * x_retrained / n_group * exp y_retrained + (-1) * epsilon ^ 2) / own ^ 2) * (-1) >
  0.
Definition broadens_reading_1_2 : Prop := forall `(Retain, Forget, Ridge, Group, Epsilon), 9 <= n_retain ->
  n_retain <= 9 -> 1 <= n_forget -> n_forget <= 1 -> 1000 <= ridge -> ridge <= 1000 -> 1 <= n_group -> n_group <= 1 ->
  1 / 2 <= epsilon -> epsilon <= 1 / 2 -> let t1 := n_group * own / ridge in let t2 := t1 / (n_retain + 90) in
  let t3 := t1 / (n_retain + 9000000) in let t4 := (-1) * W0 t2 + x_retrained in
  let t5 := (-1) * W0 t3 + x_retrained in n_retain <> 0 /\ n_retain + 180 <> 0 /\ own <> 0 /\ epsilon <> 0 /\
  ridge <> 0 /\ n_retain + 9000000 <> 0 /\ W_real t3 /\ W_real (n_group * own / n_retain / ridge) /\ n_group <> 0 /\
  n_retain + 18000000 <> 0 /\ n_retain + 90 <> 0 /\ W_real t2 /\
  Rmax (epsilon * 180 * (n_retain + 90) / n_retain / (n_retain + 180) / own) (4050 * own / epsilon / n_retain /
  (n_retain + 180)) + Rmin (1 / 2 * ridge * (n_retain + 9000000) * t5 / epsilon / n_group * exp (1 / 2 * own * t5 /
  epsilon)) (cross * ((-1) + ridge * (n_retain + 9000000) * x_retrained / n_group * exp y_retrained + (-1) * epsilon ^
  2) / own ^ 2) + Rmax (epsilon * 18000000 * (n_retain + 9000000) / n_retain / (n_retain + 18000000) / own)
  (40500000000000 * own / epsilon / n_retain / (n_retain + 18000000)) * (-1) + Rmin (1 / 2 * ridge * (n_retain + 90) *
  t4 / epsilon / n_group * exp (1 / 2 * own * t4 / epsilon)) (cross * ((-1) + ridge * (n_retain + 90) * x_retrained /
  n_group * exp y_retrained + (-1) * epsilon ^ 2) / own ^ 2) * (-1) > 0.
Definition broadens_reading_2_1 : Prop := forall `(Retain, Forget, Ridge, Group, Epsilon), 9 <= n_retain ->
  n_retain <= 9 -> 9 <= n_forget -> n_forget <= 9 -> 1000 <= ridge -> ridge <= 1000 -> 1 <= n_group -> n_group <= 1 ->
  3 / 10 <= epsilon -> epsilon <= 3 / 10 -> ridge <> 0 /\ n_total <> 0 /\ W_real (n_group * own / ridge / n_total) /\
  n_retain <> 0 /\ W_real (n_group * own / n_retain / ridge) /\ epsilon <> 0 /\ n_group <> 0 /\ own <> 0 /\
  n_retain + n_forget * 2 <> 0 /\ Rmin alpha_max_x alpha_max_y + Rmax alpha_min_x alpha_min_y * (-1) >= 0.
Definition broadens_true_1 : Prop := typically_large_reading_1_1.
Definition broadens_true_2 : Prop := forall `(Retain, Forget, Ridge, Group, Epsilon), 9 <= n_retain ->
  n_retain <= 9 -> 9 <= n_forget -> n_forget <= 9 -> 1000 <= ridge -> ridge <= 1000 -> 1 <= n_group -> n_group <= 1 ->
  3 / 10 <= epsilon -> epsilon <= 3 / 10 -> ridge <> 0 /\ n_total <> 0 /\ W_real (n_group * own / ridge / n_total) /\
  n_retain <> 0 /\ W_real (n_group * own / n_retain / ridge) /\ epsilon <> 0 /\ n_group <> 0 /\ own <> 0 /\
  n_retain + n_forget * 2 <> 0 /\ Rmin alpha_max_x alpha_max_y + Rmax alpha_min_x alpha_min_y * (-1) < 0.

(** §5.1.2: while the relevant window of correlation strength ε is wider for smaller correlation *)
Definition wider_for_smaller_correlation_reading_1_1 : Prop := forall `(Retain, Forget, Ridge, Group, Epsilon),
  9 <= n_retain -> n_retain <= 9 -> 1 <= n_forget -> n_forget <= 1 -> 1000 <= ridge -> ridge <= 1000 ->
  1 <= n_group -> n_group <= 1 -> 7 / 10 <= epsilon -> epsilon <= 7 / 10 -> let t1 := n_retain + n_forget * 2 in
  let t2 := 101 / 100 * n_group / n_retain / ridge in let w3 := W0 t2 in
  let t4 := 101 / 100 * n_group / ridge / n_total in let w5 := W0 t4 in epsilon <> 0 /\ n_retain <> 0 /\ t1 <> 0 /\
  own <> 0 /\ ridge <> 0 /\ n_total <> 0 /\ W_real t4 /\ W_real t2 /\ n_group <> 0 /\
  W_real (n_group * own / ridge / n_total) /\ W_real (n_group * own / n_retain / ridge) /\
  Rmax alpha_min_x alpha_min_y + Rmin (ridge * 5 * n_total * ((-1) * w5 + w3) / n_group * exp ((-101) / 20 * w5 + 101
  / 20 * w3)) ((-20) / 101 + 2000 / 10201 * ridge * n_total * w3 / n_group * exp (20 / 101 * w3)) + Rmax (101 / 20 *
  n_forget ^ 2 / n_retain / t1) (20 / 101 * n_forget * n_total / n_retain / t1) * (-1) + Rmin alpha_max_x alpha_max_y
  * (-1) >= 0.
Definition wider_for_smaller_correlation_reading_2_1 : Prop := forall `(Retain, Forget, Ridge, Group, Epsilon),
  1 <= n_retain -> n_retain <= 1 -> 1 <= n_forget -> n_forget <= 1 -> 1 <= ridge -> ridge <= 1 -> 1 <= n_group ->
  n_group <= 1 -> 1 / 2 <= epsilon -> epsilon <= 1 / 2 -> let t1 := n_retain + n_forget * 2 in
  let t2 := 109 / 100 * n_group / n_retain / ridge in let w3 := W0 t2 in
  let t4 := 109 / 100 * n_group / ridge / n_total in let w5 := W0 t4 in ridge <> 0 /\ n_total <> 0 /\ W_real t4 /\
  n_retain <> 0 /\ W_real t2 /\ n_group <> 0 /\ t1 <> 0 /\
  Rmin (5 / 3 * ridge * n_total * ((-1) * w5 + w3) / n_group * exp ((-109) / 60 * w5 + 109 / 60 * w3)) ((-60) / 109 +
  6000 / 11881 * ridge * n_total * w3 / n_group * exp (60 / 109 * w3)) + Rmax (109 / 60 * n_forget ^ 2 / n_retain /
  t1) (60 / 109 * n_forget * n_total / n_retain / t1) * (-1) >= 0.
Definition wider_for_smaller_correlation_true_1 : Prop := forall `(Retain, Forget, Ridge, Group, Epsilon),
  9 <= n_retain -> n_retain <= 9 -> 9 <= n_forget -> n_forget <= 9 -> 1 <= ridge -> ridge <= 1 -> 1 <= n_group ->
  n_group <= 1 -> 7 / 10 <= epsilon -> epsilon <= 7 / 10 -> let t1 := n_retain + n_forget * 2 in
  let t2 := 1 / 2 * ridge * n_total in let t3 := n_group * 2 / n_retain / ridge in let w4 := W0 t3 in
  let t5 := n_group * 2 / ridge / n_total in let t6 := (-1) * W0 t5 + w4 in n_retain <> 0 /\ t1 <> 0 /\ ridge <> 0 /\
  n_total <> 0 /\ W_real (n_group * own / ridge / n_total) /\ W_real (n_group * own / n_retain / ridge) /\
  epsilon <> 0 /\ n_group <> 0 /\ own <> 0 /\ W_real t5 /\ W_real t3 /\
  Rmax (n_forget * n_total / n_retain / t1) turning + Rmin alpha_max_x alpha_max_y + Rmax alpha_min_x alpha_min_y *
  (-1) + Rmin (t2 * t6 / n_group * exp t6) ((-1) + t2 * w4 / n_group * exp w4) * (-1) > 0.
Definition wider_for_smaller_correlation_true_2 : Prop := forall `(Retain, Forget, Ridge, Group, Epsilon),
  1 <= n_retain -> n_retain <= 1 -> 1 <= n_forget -> n_forget <= 1 -> 1 <= ridge -> ridge <= 1 -> 1 <= n_group ->
  n_group <= 1 -> 1 / 2 <= epsilon -> epsilon <= 1 / 2 -> ridge <> 0 /\ n_total <> 0 /\
  W_real (n_group * own / ridge / n_total) /\ n_retain <> 0 /\ W_real (n_group * own / n_retain / ridge) /\
  epsilon <> 0 /\ n_group <> 0 /\ own <> 0 /\ n_retain + n_forget * 2 <> 0 /\
  Rmin alpha_max_x alpha_max_y + Rmax alpha_min_x alpha_min_y * (-1) > 0.
Definition wider_for_smaller_correlation_true_3 : Prop := forall `(Retain, Forget, Ridge, Group, Epsilon),
  1 <= n_retain -> n_retain <= 1 -> 1 <= n_forget -> n_forget <= 1 -> 1 <= ridge -> ridge <= 1 -> 1 <= n_group ->
  n_group <= 1 -> 1 / 2 <= epsilon -> epsilon <= 1 / 2 -> let t1 := n_retain + n_forget * 2 in
  let t2 := 109 / 100 * n_group / n_retain / ridge in let w3 := W0 t2 in
  let t4 := 109 / 100 * n_group / ridge / n_total in let w5 := W0 t4 in ridge <> 0 /\ n_total <> 0 /\ W_real t4 /\
  n_retain <> 0 /\ W_real t2 /\ n_group <> 0 /\ t1 <> 0 /\
  Rmin (5 / 3 * ridge * n_total * ((-1) * w5 + w3) / n_group * exp ((-109) / 60 * w5 + 109 / 60 * w3)) ((-60) / 109 +
  6000 / 11881 * ridge * n_total * w3 / n_group * exp (60 / 109 * w3)) + Rmax (109 / 60 * n_forget ^ 2 / n_retain /
  t1) (60 / 109 * n_forget * n_total / n_retain / t1) * (-1) < 0.
Definition wider_for_smaller_correlation_true_4 : Prop := forall `(Retain, Forget, Ridge, Group, Epsilon),
  1 <= n_retain -> n_retain <= 1 -> 1 <= n_forget -> n_forget <= 1 -> 1 <= ridge -> ridge <= 1 -> 1 <= n_group ->
  n_group <= 1 -> 1 / 2 <= epsilon -> epsilon <= 1 / 2 -> let t1 := n_retain + n_forget * 2 in
  let t2 := 149 / 100 * n_group / n_retain / ridge in let w3 := W0 t2 in
  let t4 := 149 / 100 * n_group / ridge / n_total in let w5 := W0 t4 in ridge <> 0 /\ n_total <> 0 /\ W_real t4 /\
  n_retain <> 0 /\ W_real t2 /\ n_group <> 0 /\ t1 <> 0 /\
  Rmin (5 / 7 * ridge * n_total * ((-1) * w5 + w3) / n_group * exp ((-149) / 140 * w5 + 149 / 140 * w3)) ((-140) / 149
  + 14000 / 22201 * ridge * n_total * w3 / n_group * exp (140 / 149 * w3)) + Rmax (140 / 149 * n_forget * n_total /
  n_retain / t1) (149 / 140 * n_forget ^ 2 / n_retain / t1) * (-1) < 0.
Definition wider_for_smaller_correlation_true_5 : Prop := forall `(Retain, Forget, Ridge, Group, Epsilon),
  9 <= n_retain -> n_retain <= 9 -> 1 <= n_forget -> n_forget <= 1 -> 1000 <= ridge -> ridge <= 1000 ->
  1 <= n_group -> n_group <= 1 -> 7 / 10 <= epsilon -> epsilon <= 7 / 10 -> let t1 := n_retain + n_forget * 2 in
  let t2 := 109 / 100 * n_group / n_retain / ridge in let w3 := W0 t2 in
  let t4 := 109 / 100 * n_group / ridge / n_total in let w5 := W0 t4 in n_retain <> 0 /\ t1 <> 0 /\ ridge <> 0 /\
  n_total <> 0 /\ W_real (n_group * own / ridge / n_total) /\ W_real (n_group * own / n_retain / ridge) /\
  epsilon <> 0 /\ n_group <> 0 /\ own <> 0 /\ W_real t4 /\ W_real t2 /\
  Rmax (109 / 60 * n_forget ^ 2 / n_retain / t1) (60 / 109 * n_forget * n_total / n_retain / t1) + Rmin alpha_max_x
  alpha_max_y + Rmax alpha_min_x alpha_min_y * (-1) + Rmin (5 / 3 * ridge * n_total * ((-1) * w5 + w3) / n_group * exp
  ((-109) / 60 * w5 + 109 / 60 * w3)) ((-60) / 109 + 6000 / 11881 * ridge * n_total * w3 / n_group * exp (60 / 109 *
  w3)) * (-1) > 0.
Definition wider_for_smaller_correlation_true_6 : Prop := forall `(Retain, Forget, Ridge, Group, Epsilon),
  9 <= n_retain -> n_retain <= 9 -> 1 <= n_forget -> n_forget <= 1 -> 1000 <= ridge -> ridge <= 1000 ->
  1 <= n_group -> n_group <= 1 -> 7 / 10 <= epsilon -> epsilon <= 7 / 10 -> let t1 := n_retain + n_forget * 2 in
  let t2 := 101 / 100 * n_group / n_retain / ridge in let w3 := W0 t2 in
  let t4 := 101 / 100 * n_group / ridge / n_total in let w5 := W0 t4 in ridge <> 0 /\ n_total <> 0 /\ W_real t4 /\
  n_retain <> 0 /\ W_real t2 /\ n_group <> 0 /\ t1 <> 0 /\
  Rmin (ridge * 5 * n_total * ((-1) * w5 + w3) / n_group * exp ((-101) / 20 * w5 + 101 / 20 * w3)) ((-20) / 101 + 2000
  / 10201 * ridge * n_total * w3 / n_group * exp (20 / 101 * w3)) + Rmax (101 / 20 * n_forget ^ 2 / n_retain / t1) (20
  / 101 * n_forget * n_total / n_retain / t1) * (-1) < 0.

(** Fig. 4, caption: the range of α as a function of the correlation ε, for which we can guarantee that DA is
    detrimental. The (- -) lines represent the minimum α for which the coordinates of the original model become bigger
    than the coordinates of the DA unlearning algorithm *)
Definition caption_minimum_reading_1_1 : Prop := Lemma_9.x_printed_1.
Definition caption_minimum_reading_1_2 : Prop := Lemma_9.x_printed_2.
Definition caption_minimum_reading_2_1 : Prop := forall `(Minima), pair_minima M -> every pair, 0 < epsilon ->
  epsilon <= 1 -> 0 <= alpha -> alpha < Rmax alpha_min_x alpha_min_y -> n_group <= n_retain ->
  alpha * n_group <= n_forget -> ridge <> 0 /\ n_total <> 0 /\ 0 < strength /\ 0 <= epsilon /\
  0 < 1 + exp 1 * own * strength_forget /\ n_retain <> 0 /\ n_forget <> 0 /\ 0 < z_retrained /\
  0 < 1 + exp 1 * own * strength_da /\ x_pretrained < x_da.
Definition caption_minimum_true_3 : Prop := Lemma_9.x_true_3.
Definition caption_minimum_true_4 : Prop := Lemma_9.x_true_4.

(** Fig. 4, caption: for which we can guarantee that DA is detrimental … and with the (–) the maximum α for which the
    coordinates of the oracle are bigger than those of the original model *)
Definition caption_maximum_reading_1_1 : Prop := Lemma_10.x_printed_1.
Definition caption_maximum_reading_1_2 : Prop := Lemma_10.y_reading_1_1.
Definition caption_maximum_reading_2_1 : Prop := forall `(Minima), pair_minima M -> every pair, 0 < epsilon ->
  epsilon <= 1 -> alpha_max_x < alpha -> n_group <= n_retain -> alpha * n_group <= n_forget -> n_retain <> 0 /\
  ridge <> 0 /\ W_real (n_group * own / n_retain / ridge) /\ n_total <> 0 /\ 0 < strength /\ 0 <= epsilon /\
  0 < 1 + exp 1 * own * strength_forget /\ x_retrained < x_pretrained.
Definition caption_maximum_true_1 : Prop := Lemma_10.x_true_1.
Definition caption_maximum_true_2 : Prop := Lemma_10.x_true_2.
End Figure_4.

(** * parallel-limit: Two nearly parallel samples (App. I) *)
Module Parallel_limit.

(** App. I, eq. (8) and (10): the equations of the original and of the retrained problem *)
Definition equations_printed_1 : Prop := forall `(Retain, Forget, Ridge, Epsilon) (w_i w_j : R), 0 < n_retain ->
  0 < n_forget -> 0 < ridge -> 0 <= epsilon -> epsilon <= 1 -> n_total <> 0 /\ ridge <> 0 /\
  ridge * w_i + (epsilon * (-1) * exp (epsilon * w_i * (-1) + w_j * (-1)) + (-1) * exp (epsilon * w_j * (-1) + w_i *
  (-1))) / n_total = ridge * (w_i + (-1) * (epsilon * exp (epsilon * w_i * (-1) + w_j * (-1)) + exp (epsilon * w_j *
  (-1) + w_i * (-1))) / ridge / n_total).
Definition equations_printed_2 : Prop := forall `(Retain, Forget, Ridge, Epsilon) (w_i w_j : R), 0 < n_retain ->
  0 < n_forget -> 0 < ridge -> 0 <= epsilon -> epsilon <= 1 -> n_total <> 0 /\ ridge <> 0 /\
  ridge * w_j + (epsilon * (-1) * exp (epsilon * w_j * (-1) + w_i * (-1)) + (-1) * exp (epsilon * w_i * (-1) + w_j *
  (-1))) / n_total = ridge * (w_j + (-1) * (epsilon * exp (epsilon * w_j * (-1) + w_i * (-1)) + exp (epsilon * w_i *
  (-1) + w_j * (-1))) / ridge / n_total).
Definition equations_printed_3 : Prop := forall (n_retain n_forget ridge epsilon w_i w_j : R), 0 < n_retain ->
  0 < n_forget -> 0 < ridge -> 0 <= epsilon -> epsilon <= 1 -> n_retain <> 0 /\ ridge <> 0 /\
  ridge * w_i + (-1) / n_retain * exp (epsilon * w_j * (-1) + w_i * (-1)) = ridge * (w_i + (-1) / n_retain / ridge *
  exp (epsilon * w_j * (-1) + w_i * (-1))).
Definition equations_printed_4 : Prop := forall (n_retain n_forget ridge epsilon w_i w_j : R), 0 < n_retain ->
  0 < n_forget -> 0 < ridge -> 0 <= epsilon -> epsilon <= 1 -> n_retain <> 0 /\ ridge <> 0 /\
  epsilon * (-1) / n_retain * exp (epsilon * w_j * (-1) + w_i * (-1)) + ridge * w_j = ridge * (w_j + epsilon * (-1) /
  n_retain / ridge * exp (epsilon * w_j * (-1) + w_i * (-1))).

(** App. I, eq. (9): which can be solved in the limit of ε → 1⁻ as w₁ = w₂ = W(2(ε+1)/(λ|D|))/2 *)
Definition original_reading_1_1 : Prop := forall `(Retain, Forget, Ridge, Epsilon), 0 < n_retain -> 0 < n_forget ->
  0 < ridge -> 1 <= epsilon -> epsilon <= 1 -> ridge <> 0 /\ n_total <> 0 /\ W_real (4 / ridge / n_total) /\
  1 / 2 * W0 (4 / ridge / n_total) = 2 / ridge / n_total * exp ((-1) * W0 (4 / ridge / n_total)).
Definition original_reading_2_1 : Prop := forall `(Retain, Forget, Ridge, Epsilon), 0 < n_retain -> 0 < n_forget ->
  0 < ridge -> 0 <= epsilon -> epsilon <= 1 -> ridge <> 0 /\ n_total <> 0 /\ W_real ((2 + cross) / ridge / n_total) /\
  1 / 2 * W0 ((2 + cross) / ridge / n_total) = (epsilon + 1) / ridge / n_total * exp ((-1) / 2 * (epsilon + 1) * W0
  ((2 + cross) / ridge / n_total)).
Definition original_true_1 : Prop := forall `(Retain, Forget, Ridge, Epsilon), 0 < n_retain -> 0 < n_forget ->
  0 < ridge -> 0 <= epsilon -> epsilon <= 1 -> ridge <> 0 /\ n_total <> 0 /\
  W_real (/ ridge * (epsilon + 1) ^ 2 / n_total) /\ epsilon + 1 <> 0 /\
  W0 (/ ridge * (epsilon + 1) ^ 2 / n_total) / (epsilon + 1) = (epsilon + 1) / ridge / n_total * exp ((-1) * W0 (/
  ridge * (epsilon + 1) ^ 2 / n_total)).
Definition original_true_2 : Prop := forall `(Retain, Forget, Ridge, Epsilon), 0 < n_retain -> 0 < n_forget ->
  0 < ridge -> 0 <= epsilon -> epsilon <= 1 -> ridge <> 0 /\ n_total <> 0 /\ W_real (4 / ridge / n_total) /\
  1 + W0 (4 / ridge / n_total) <> 0 /\ 4 + 4 * W0 (4 / ridge / n_total) <> 0 /\
  1 / 4 * W0 (4 / ridge / n_total) + (-1) / ridge / n_total / (1 + W0 (4 / ridge / n_total)) * exp ((-1) * W0 (4 /
  ridge / n_total)) = / (4 + 4 * W0 (4 / ridge / n_total)) * W0 (4 / ridge / n_total) ^ 2.

(** App. I, eq. (12): w₁ = W((ε²+1)/(|R|λ))/(ε²+1), w₂ = ε·w₁ *)
Definition retrained_printed_1 : Prop := forall `(Retain, Forget, Ridge, Epsilon), 0 < n_retain -> 0 < n_forget ->
  0 < ridge -> 0 <= epsilon -> epsilon <= 1 -> n_retain <> 0 /\ ridge <> 0 /\ W_real (own / n_retain / ridge) /\
  own <> 0 /\ W0 (own / n_retain / ridge) / own = / n_retain / ridge * exp ((-1) * W0 (own / n_retain / ridge)).

(** App. I, eq. (11): the DA is given by w₁ = 1/(λ|R|)·(e^{−x} − ε·e^{−y}), w₂ = 1/(λ|R|)·(ε·e^{−x} − e^{−y}) *)
Definition da_equations_printed_1 : Prop := forall (n_retain n_forget ridge epsilon w_i w_j : R), 0 < n_retain ->
  0 < n_forget -> 0 < ridge -> 0 <= epsilon -> epsilon <= 1 -> n_forget <> 0 /\ n_retain <> 0 /\ ridge <> 0 /\
  epsilon / n_forget * exp (epsilon * w_i * (-1) + w_j * (-1)) + ridge * w_i + (-1) / n_retain * exp (epsilon * w_j *
  (-1) + w_i * (-1)) = ridge * (w_i + (-1) * (epsilon * (-1) * exp (epsilon * w_i * (-1) + w_j * (-1)) + exp (epsilon
  * w_j * (-1) + w_i * (-1))) / n_retain / ridge).
Definition da_equations_printed_2 : Prop := forall (n_retain n_forget ridge epsilon w_i w_j : R), 0 < n_retain ->
  0 < n_forget -> 0 < ridge -> 0 <= epsilon -> epsilon <= 1 -> n_retain <> 0 /\ n_forget <> 0 /\ ridge <> 0 /\
  epsilon * (-1) / n_retain * exp (epsilon * w_j * (-1) + w_i * (-1)) + ridge * w_j + / n_forget * exp (epsilon * w_i
  * (-1) + w_j * (-1)) = ridge * (w_j + (-1) * (epsilon * exp (epsilon * w_j * (-1) + w_i * (-1)) + (-1) * exp
  (epsilon * w_i * (-1) + w_j * (-1))) / n_retain / ridge).
Definition da_equations_true_1 : Prop := forall (n_retain n_forget ridge epsilon w_i w_j : R), 0 < n_retain ->
  0 < n_forget -> 0 < ridge -> 0 <= epsilon -> epsilon <= 1 -> n_forget <> 0 /\ n_retain <> 0 /\ ridge <> 0 /\
  epsilon / n_forget * exp (epsilon * w_i * (-1) + w_j * (-1)) + ridge * w_i + (-1) / n_retain * exp (epsilon * w_j *
  (-1) + w_i * (-1)) = ridge * (w_i + epsilon / n_forget / ridge * exp (epsilon * w_i * (-1) + w_j * (-1)) + (-1) /
  n_retain / ridge * exp (epsilon * w_j * (-1) + w_i * (-1))).
Definition da_equations_true_2 : Prop := forall (n_retain n_forget ridge epsilon w_i w_j : R), 0 < n_retain ->
  0 < n_forget -> 0 < ridge -> 0 <= epsilon -> epsilon <= 1 -> n_retain <> 0 /\ n_forget <> 0 /\ ridge <> 0 /\
  epsilon * (-1) / n_retain * exp (epsilon * w_j * (-1) + w_i * (-1)) + ridge * w_j + / n_forget * exp (epsilon * w_i
  * (-1) + w_j * (-1)) = ridge * (w_j + epsilon * (-1) / n_retain / ridge * exp (epsilon * w_j * (-1) + w_i * (-1)) +
  / n_forget / ridge * exp (epsilon * w_i * (-1) + w_j * (-1))).

(** App. I, eq. (13): w₁ = e^{−w₁−w₂}(w₁−w₂−1)(ε−1)/(λ|R|), w₂ = e^{−w₁−w₂}(w₁−w₂+1)(ε−1)/(λ|R|) *)
Definition expansion_printed_1 : Prop := forall (n_retain n_forget ridge epsilon w_i w_j : R), 0 < n_retain ->
  0 < n_forget -> 0 < ridge -> 0 <= epsilon -> epsilon <= 1 -> n_retain <> 0 /\ ridge <> 0 /\
  (epsilon + (-1)) * (w_i * exp (w_i * (-1) + w_j * (-1)) + w_j * (-1) * exp (w_i * (-1) + w_j * (-1)) + (-1) * exp
  (w_i * (-1) + w_j * (-1))) / n_retain / ridge = (epsilon + (-1)) * (w_i + (-1) + w_j * (-1)) / n_retain / ridge *
  exp (w_i * (-1) + w_j * (-1)).
Definition expansion_printed_2 : Prop := forall (n_retain n_forget ridge epsilon w_i w_j : R), 0 < n_retain ->
  0 < n_forget -> 0 < ridge -> 0 <= epsilon -> epsilon <= 1 -> n_retain <> 0 /\ ridge <> 0 /\
  (epsilon + (-1)) * (w_i * exp (w_i * (-1) + w_j * (-1)) + w_j * (-1) * exp (w_i * (-1) + w_j * (-1)) + exp (w_i *
  (-1) + w_j * (-1))) / n_retain / ridge = (epsilon + (-1)) * (w_i + 1 + w_j * (-1)) / n_retain / ridge * exp (w_i *
  (-1) + w_j * (-1)).

(** App. I, eq. (14): w₁, w₂ = (W(−8(ε−1)²/(|R|²λ²)) ∓ i√2·√(W(−8(ε−1)²/(|R|²λ²))))/4 *)
Definition solution_printed_1 : Prop := forall (apart : R), 0 <= apart -> apart <= 1 / 2 * exp (1 / 2 * ln 2) ->
  W_real ((-2) * apart ^ 2 * exp ((-2) * apart ^ 2)) /\
  (-2) * apart ^ 2 = W0 ((-2) * apart ^ 2 * exp ((-2) * apart ^ 2)).
Definition solution_printed_2 : Prop := forall (apart : R), 0 <= apart -> apart <= 1 / 2 * exp (1 / 2 * ln 2) ->
  (-1) / 2 * apart ^ 2 + 1 / 2 * apart = (-1) / 2 * apart * (apart + (-1)).
Definition solution_printed_3 : Prop := forall (apart : R), 0 <= apart -> apart <= 1 / 2 * exp (1 / 2 * ln 2) ->
  (-1) / 2 * apart + (-1) / 2 * apart ^ 2 = (-1) / 2 * apart * (apart + 1).

(** App. I, eq. (15): w₁^DA + w₂^DA − (w₁^{Re} + w₂^{Re}) → −W(2/(|R|λ)) as ε → 1⁻ *)
Definition limit_reading_1_1 : Prop := forall (n_retain n_forget ridge epsilon : R), 0 < n_retain -> 0 < n_forget ->
  0 < ridge -> 1 <= epsilon -> epsilon <= 1 -> n_retain <> 0 /\ ridge <> 0 /\
  (-8) / n_retain ^ 2 / ridge ^ 2 * (epsilon + (-1)) ^ 2 = 0.
Definition limit_reading_1_2 : Prop := forall `(Retain, Forget, Ridge, Epsilon), 0 < n_retain -> 0 < n_forget ->
  0 < ridge -> 1 <= epsilon -> epsilon <= 1 -> n_retain <> 0 /\ ridge <> 0 /\ W_real (own / n_retain / ridge) /\
  own <> 0 /\ W_real (2 / n_retain / ridge) /\
  (epsilon + 1) * W0 (own / n_retain / ridge) / own = W0 (2 / n_retain / ridge).
Definition limit_reading_2_1 : Prop := forall (n_retain n_forget ridge : R), 0 < n_retain -> 0 < n_forget ->
  n_forget < n_retain -> 2 * ((-1) / n_retain + / n_forget) * exp 1 <= ridge -> n_retain <> 0 /\ ridge <> 0 /\
  W_real (2 / n_retain / ridge) /\ n_forget <> 0 /\ W_real ((-2) / n_forget / ridge + 2 / n_retain / ridge) /\
  (-1) * W0 (2 / n_retain / ridge) + W0 ((-2) / n_forget / ridge + 2 / n_retain / ridge) = (-1) * W0 (2 / n_retain /
  ridge).
Definition limit_true_1 : Prop := forall (n_retain n_forget ridge : R), 0 < n_retain -> 0 < n_forget ->
  n_forget < n_retain -> 2 * ((-1) / n_retain + / n_forget) * exp 1 <= ridge -> n_forget <> 0 /\ ridge <> 0 /\
  n_retain <> 0 /\ W_real ((-2) / n_forget / ridge + 2 / n_retain / ridge) /\
  1 / 2 * ridge * W0 ((-2) / n_forget / ridge + 2 / n_retain / ridge) + (-1) / n_retain * exp ((-1) * W0 ((-2) /
  n_forget / ridge + 2 / n_retain / ridge)) + / n_forget * exp ((-1) * W0 ((-2) / n_forget / ridge + 2 / n_retain /
  ridge)) = 0.
Definition limit_true_2 : Prop := limit_true_1.
Definition limit_true_3 : Prop := forall (n_retain n_forget ridge : R), 0 < n_retain -> n_retain <= n_forget ->
  0 < ridge -> n_forget <> 0 /\ ridge <> 0 /\ n_retain <> 0 /\
  W_real ((-2) / n_forget / ridge + 2 / n_retain / ridge) /\
  1 / 2 * ridge * W0 ((-2) / n_forget / ridge + 2 / n_retain / ridge) + (-1) / n_retain * exp ((-1) * W0 ((-2) /
  n_forget / ridge + 2 / n_retain / ridge)) + / n_forget * exp ((-1) * W0 ((-2) / n_forget / ridge + 2 / n_retain /
  ridge)) = 0.
Definition limit_true_4 : Prop := limit_true_3.
Definition limit_true_5 : Prop := forall (n_retain n_forget ridge : R), 0 < n_retain -> 0 < n_forget ->
  n_forget < n_retain -> 2 * ((-1) / n_retain + / n_forget) * exp 1 <= ridge -> n_forget <> 0 /\ ridge <> 0 /\
  n_retain <> 0 /\ 1 + ((-2) / n_forget / ridge + 2 / n_retain / ridge) * exp 1 >= 0.
Definition limit_true_6 : Prop := forall (n_retain n_forget ridge : R), 0 < n_retain -> 0 < n_forget ->
  n_forget < n_retain -> 0 < ridge -> ridge < 2 * ((-1) / n_retain + / n_forget) * exp 1 -> n_forget <> 0 /\
  ridge <> 0 /\ n_retain <> 0 /\ 1 + ((-2) / n_forget / ridge + 2 / n_retain / ridge) * exp 1 < 0.
End Parallel_limit.

(** * toy-minima: Descent-ascent moves the toy to another minimum (§5.2, Fig. 5) *)
Module Toy_minima.

(** §5.2: since the original dataset contains effectively 6 negative samples and 8 positive samples, the optimal
    decision boundary is given by the separating plane which correctly classifies the largest number of samples *)
Definition counting_argument_true_1 : Prop := forall (weight_b weight_a : R), 1 / 12 < weight_b ->
  (-1) / 4 + weight_b * (-4) < weight_a -> weight_a <= (-1) / 3 + weight_b * (-3) ->
  weight_b + 1 + weight_a * (-1) > 5 / 3.
End Toy_minima.

(** * first-step: The first step of descent-ascent is fine-tuning on R with a shrinkage (beyond the paper) *)
Module First_step.

(** beyond the paper: at w^D: −∇L_DA = −κ∇L_R − βλw with κ = 1 + β|R|/|F|, which is |D|/|F| for β = 1 *)
Definition identity_printed_1 : Prop := forall `(Retain, Forget, Ridge) (beta size w slope : R), 0 < n_retain ->
  0 < n_forget -> 0 <= ridge -> 0 <= beta -> 0 <= size -> size * (-1) <= w -> w <= size -> size * (-1) <= slope ->
  slope <= size -> n_forget <> 0 /\
  beta * (n_retain * slope * (-1) + ridge * w * (-1) * n_total) / n_forget + ridge * w * (-1) + slope * (-1) = beta *
  ridge * w * (-1) + (1 + beta * n_retain / n_forget) * (ridge * w * (-1) + slope * (-1)).
Definition identity_printed_2 : Prop := forall `(Retain, Forget, Ridge) (beta size w slope : R), 0 < n_retain ->
  0 < n_forget -> 0 <= ridge -> 0 <= beta -> 0 <= size -> size * (-1) <= w -> w <= size -> size * (-1) <= slope ->
  slope <= size -> n_forget <> 0 /\ 1 + n_retain / n_forget = n_total / n_forget.
Definition identity_printed_3 : Prop := forall `(Retain, Forget, Ridge) (beta size w slope : R), 0 < n_retain ->
  0 < n_forget -> 0 <= ridge -> ridge <= 0 -> 0 <= beta -> 0 <= size -> size * (-1) <= w -> w <= size ->
  size * (-1) <= slope -> slope <= size -> n_forget <> 0 /\
  beta * (n_retain * slope * (-1) + ridge * w * (-1) * n_total) / n_forget + ridge * w * (-1) + slope * (-1) = (1 +
  beta * n_retain / n_forget) * (ridge * w * (-1) + slope * (-1)).

(** beyond the paper: at every w, descent-ascent is κ times fine-tuning on R, ascent on L_D and a shrinkage *)
Definition everywhere_printed_1 : Prop := forall `(Retain, Forget, Ridge) (beta size w slope slope_forget : R),
  0 < n_retain -> 0 < n_forget -> 0 <= ridge -> 0 <= beta -> 0 <= size -> size * (-1) <= w -> w <= size ->
  size * (-1) <= slope -> slope <= size -> size * (-1) <= slope_forget -> slope_forget <= size -> n_total <> 0 /\
  n_forget <> 0 /\
  beta * slope_forget + ridge * w * (-1) + slope * (-1) = beta * ridge * w * (-1) + beta * n_total * (ridge * w +
  (n_forget * slope_forget + n_retain * slope) / n_total) / n_forget + (1 + beta * n_retain / n_forget) * (ridge * w *
  (-1) + slope * (-1)).

(** beyond the paper: gradient ascent on F alone starts with a = (|R|/|F|)u − λw, u the first step of fine-tuning on R
    *)
Definition ascent_alone_printed_1 : Prop := forall `(Retain, Forget, Ridge) (beta size w slope : R), 0 < n_retain ->
  0 < n_forget -> 0 <= ridge -> 0 <= beta -> 0 <= size -> size * (-1) <= w -> w <= size -> size * (-1) <= slope ->
  slope <= size -> n_forget <> 0 /\
  (n_retain * slope * (-1) + ridge * w * (-1) * n_total) / n_forget = n_retain * (ridge * w * (-1) + slope * (-1)) /
  n_forget + ridge * w * (-1).
Definition ascent_alone_printed_2 : Prop := forall `(Retain, Forget, Ridge) (beta size w slope : R), 0 < n_retain ->
  0 < n_forget -> 0 <= ridge -> 0 <= beta -> 0 <= size -> size * (-1) <= w -> w <= size -> size * (-1) <= slope ->
  slope <= size -> n_forget <> 0 /\
  ridge * w + (n_retain * slope * (-1) + ridge * w * (-1) * n_total) / n_forget = n_retain * (ridge * w * (-1) + slope
  * (-1)) / n_forget.
Definition ascent_alone_printed_3 : Prop := forall (n_retain n_forget ridge length distance shrink tune : R),
  0 < n_retain -> 0 < n_forget -> 0 <= ridge -> 0 <= length -> length * n_forget / n_retain <= distance ->
  distance * length * (-1) <= shrink -> shrink <= distance * length -> ridge * distance ^ 2 <= tune ->
  n_forget <> 0 /\ n_retain * tune * (-1) / n_forget + ridge * shrink <= 0.
Definition ascent_alone_printed_4 : Prop := forall `(Retain, Forget, Ridge, Group) (beta : R) `(Alpha),
  0 < n_retain -> 0 < n_forget -> 0 < ridge -> 0 < n_group -> 0 <= beta -> 0 < alpha -> alpha < balance ->
  ridge <> 0 /\ n_total <> 0 /\ W_real z_pretrained /\ n_retain <> 0 /\ W_real z_retrained /\ n_forget <> 0 /\
  alpha * n_group * ((-1) * w_pretrained + w_retrained) / n_forget * exp ((-1) * w_pretrained) > 0.
Definition ascent_alone_printed_5 : Prop := forall `(Retain, Forget, Ridge, Group) (beta : R) `(Alpha),
  0 < n_retain -> 0 < n_forget -> 0 < ridge -> 0 < n_group -> 0 <= beta -> balance < alpha -> ridge <> 0 /\
  n_total <> 0 /\ W_real z_pretrained /\ n_retain <> 0 /\ W_real z_retrained /\ n_forget <> 0 /\
  alpha * n_group * ((-1) * w_pretrained + w_retrained) / n_forget * exp ((-1) * w_pretrained) < 0.

(** beyond the paper: if ascent is on L_F with its ridge, the first step is fine-tuning's alone, and never leads away
    *)
Definition ridge_inside_printed_1 : Prop := forall `(Retain, Forget, Ridge) (beta size w slope : R), 0 < n_retain ->
  0 < n_forget -> 0 <= ridge -> 0 <= beta -> 0 <= size -> size * (-1) <= w -> w <= size -> size * (-1) <= slope ->
  slope <= size -> n_forget <> 0 /\
  beta * ridge * w + beta * (n_retain * slope * (-1) + ridge * w * (-1) * n_total) / n_forget + ridge * w * (-1) +
  slope * (-1) = (1 + beta * n_retain / n_forget) * (ridge * w * (-1) + slope * (-1)).
Definition ridge_inside_printed_2 : Prop := forall `(Retain, Forget, Ridge, Group) (beta : R) `(Alpha),
  0 < n_retain -> 0 < n_forget -> 0 < ridge -> 0 < n_group -> 0 <= beta -> 0 <= alpha -> n_forget <> 0 /\
  ridge <> 0 /\ n_total <> 0 /\ n_retain <> 0 /\ W_real z_retrained /\ W_real z_pretrained /\
  ridge * (1 + beta * n_retain / n_forget) * (n_group * (-1) * (alpha + 1) / ridge / n_total + z_retrained) * ((-1) *
  w_retrained + w_pretrained) * exp ((-1) * w_pretrained) <= 0.

(** beyond the paper: the first step leads away from the oracle exactly if λ(|F|/|D|)⟨w^D, δ⟩ > ⟨−∇L_R(w^D), δ⟩ *)
Definition criterion_printed_1 : Prop := forall (n_retain n_forget ridge beta length distance shrink tune : R),
  0 < n_retain -> 0 < n_forget -> 0 <= ridge -> 0 <= beta -> 0 <= length ->
  beta * length / (1 + beta * n_retain / n_forget) <= distance -> distance * length * (-1) <= shrink ->
  shrink <= distance * length -> ridge * distance ^ 2 <= tune -> n_forget <> 0 /\
  beta * ridge * shrink + tune * (-1) * (1 + beta * n_retain / n_forget) <= 0.
Definition criterion_printed_2 : Prop := forall `(Retain, Forget, Ridge, Group) (beta : R) `(Alpha), 0 < n_retain ->
  0 < n_forget -> 0 < ridge -> 0 < n_group -> 1 <= beta -> beta <= 1 ->
  n_forget ^ 2 / n_retain / (n_forget + beta * n_total) <= alpha ->
  alpha <= n_forget ^ 2 / n_retain / (n_forget + beta * n_total) -> ridge <> 0 /\ n_total <> 0 /\ n_retain <> 0 /\
  n_group * (-1) * (alpha + 1) / ridge / n_total + z_retrained = n_forget * n_group * (alpha + 1) / ridge / n_total ^
  2.

(** beyond the paper: for a uniformly random F the expected first step is −βλw^D, with the covariance of sampling
    without replacement *)
Definition random_forget_set_printed_1 : Prop := forall `(Retain, Forget, Ridge) (beta size w total squares : R),
  1 <= n_retain -> 1 <= n_forget -> 0 <= ridge -> 0 <= beta -> 0 <= size -> size * (-1) <= w -> w <= size ->
  size * (-1) <= total -> total <= size -> total ^ 2 / n_total <= squares -> n_retain <> 0 /\
  beta * ridge * w * (-1) + ridge * w * (-1) + (-1) * (n_forget * ridge * w + ridge * w * (-1) * n_total) / n_retain =
  beta * ridge * w * (-1).
Definition random_forget_set_printed_2 : Prop := forall `(Retain, Forget, Ridge) (beta size w total squares : R),
  1 <= n_retain -> 1 <= n_forget -> 0 <= ridge -> 0 <= beta -> 0 <= size -> size * (-1) <= w -> w <= size ->
  size * (-1) <= total -> total <= size -> total ^ 2 / n_total <= squares -> n_total <> 0 /\ n_total + (-1) <> 0 /\
  n_forget <> 0 /\ n_retain <> 0 /\
  ((-1) * total ^ 2 / n_total ^ 2 + (n_forget * squares / n_total + n_forget * (n_forget + (-1)) * (squares * (-1) +
  total ^ 2) / (n_total + (-1)) / n_total) / n_forget ^ 2) * (beta + balance) ^ 2 = n_retain * (squares + (-1) * total
  ^ 2 / n_total) / n_forget * (beta + balance) ^ 2 / (n_total + (-1)) / n_total.
Definition random_forget_set_printed_3 : Prop := forall `(Retain, Forget, Ridge) (beta size w total squares : R),
  1 <= n_retain -> 1 <= n_forget -> 0 <= ridge -> 0 <= beta -> 0 <= size -> size * (-1) <= w -> w <= size ->
  size * (-1) <= total -> total <= size -> total ^ 2 / n_total <= squares -> n_forget <> 0 /\
  (n_retain * ridge * w + ridge * w * (-1) * n_total) / n_forget = ridge * w * (-1).
Definition random_forget_set_printed_4 : Prop := forall `(Retain, Forget, Ridge) (beta size w total squares : R),
  1 <= n_retain -> 1 <= n_forget -> 0 <= ridge -> 0 <= beta -> 0 <= size -> size * (-1) <= w -> w <= size ->
  size * (-1) <= total -> total <= size -> total ^ 2 / n_total <= squares -> n_total <> 0 /\ n_total + (-1) <> 0 /\
  n_forget <> 0 /\
  (-1) * total ^ 2 / n_total ^ 2 + (n_forget * squares / n_total + n_forget * (n_forget + (-1)) * (squares * (-1) +
  total ^ 2) / (n_total + (-1)) / n_total) / n_forget ^ 2 = n_retain * (squares + (-1) * total ^ 2 / n_total) /
  n_forget / (n_total + (-1)) / n_total.

(** beyond the paper: on one coordinate the first step leads away exactly for |F|²/(|R|(|F| + β|D|)) < α < |F|/|R| *)
Definition one_coordinate_printed_1 : Prop := forall `(Retain, Forget, Ridge, Group) (beta : R) `(Alpha),
  0 < n_retain -> 0 < n_forget -> 0 < ridge -> 0 < n_group -> 0 <= beta ->
  n_forget ^ 2 / n_retain / (n_forget + beta * n_total) <= alpha -> alpha <= balance -> ridge <> 0 /\ n_total <> 0 /\
  n_forget <> 0 /\ n_retain <> 0 /\ W_real z_retrained /\ W_real z_pretrained /\
  ridge * (n_group * (-1) * (alpha + 1) / ridge / n_total + n_group * (1 + alpha * beta * n_retain * (-1) / n_forget)
  / n_retain / ridge) * ((-1) * w_retrained + w_pretrained) * exp ((-1) * w_pretrained) >= 0.
Definition one_coordinate_printed_2 : Prop := forall `(Retain, Forget, Ridge, Group) (beta : R) `(Alpha),
  0 < n_retain -> 0 < n_forget -> 0 < ridge -> 0 < n_group -> 0 <= beta -> 0 <= alpha ->
  alpha < n_forget ^ 2 / n_retain / (n_forget + beta * n_total) -> ridge <> 0 /\ n_total <> 0 /\ n_forget <> 0 /\
  n_retain <> 0 /\ W_real z_retrained /\ W_real z_pretrained /\
  ridge * (n_group * (-1) * (alpha + 1) / ridge / n_total + n_group * (1 + alpha * beta * n_retain * (-1) / n_forget)
  / n_retain / ridge) * ((-1) * w_retrained + w_pretrained) * exp ((-1) * w_pretrained) < 0.
Definition one_coordinate_printed_3 : Prop := forall `(Retain, Forget, Ridge, Group) (beta : R) `(Alpha),
  0 < n_retain -> 0 < n_forget -> 0 < ridge -> 0 < n_group -> 0 <= beta -> balance < alpha -> ridge <> 0 /\
  n_total <> 0 /\ n_forget <> 0 /\ n_retain <> 0 /\ W_real z_retrained /\ W_real z_pretrained /\
  ridge * (n_group * (-1) * (alpha + 1) / ridge / n_total + n_group * (1 + alpha * beta * n_retain * (-1) / n_forget)
  / n_retain / ridge) * ((-1) * w_retrained + w_pretrained) * exp ((-1) * w_pretrained) < 0.
End First_step.

(** * overshoot: A small weight overshoots the oracle, and early stopping leaves an angle (beyond the paper) *)
Module Overshoot.

(** beyond the paper: w(−β) − w^R = −(β|R|/|F|)(w^D − w^R), up to ½C(β² + β|F|/|R|) with C ≥ ‖w''‖ on the curve *)
Definition reflection_printed_1 : Prop := forall (beta weight bend size speed past before : R), 0 < beta ->
  beta < 1 -> 0 < weight -> 0 <= bend -> 0 <= size -> size * (-1) <= speed -> speed <= size ->
  (-1) / 2 * bend * beta ^ 2 <= past -> past <= 1 / 2 * bend * beta ^ 2 -> (-1) / 2 * bend * weight ^ 2 <= before ->
  before <= 1 / 2 * bend * weight ^ 2 -> weight <> 0 /\
  past + beta * speed * (-1) + beta * (before + speed * weight) / weight <= 1 / 2 * bend * (beta * weight + beta ^ 2).
Definition reflection_printed_2 : Prop := forall (beta weight bend size speed past before : R), 0 < beta ->
  beta < 1 -> 0 < weight -> 0 <= bend -> 0 <= size -> size * (-1) <= speed -> speed <= size ->
  (-1) / 2 * bend * beta ^ 2 <= past -> past <= 1 / 2 * bend * beta ^ 2 -> (-1) / 2 * bend * weight ^ 2 <= before ->
  before <= 1 / 2 * bend * weight ^ 2 -> weight <> 0 /\
  past + beta * speed * (-1) + beta * (before + speed * weight) / weight >= (-1) / 2 * bend * (beta * weight + beta ^
  2).

(** beyond the paper: ‖w''‖ ≤ 2·‖∇²L_F‖·‖∇L_F‖/μ² + ‖∇³‖·‖∇L_F‖²/μ³ where L_R + sL_F has curvature at least μ *)
Definition remainder_printed_1 : Prop := forall (curvature slope mixed third speed : R), 0 < curvature ->
  0 <= slope -> 0 <= mixed -> 0 <= third -> 0 <= speed -> speed <= slope / curvature -> curvature <> 0 /\
  (mixed * speed * 2 + third * speed ^ 2) / curvature <= mixed * slope * 2 / curvature ^ 2 + third / curvature ^ 3 *
  slope ^ 2.

(** beyond the paper: on one coordinate L_R − βL_F, L_F with its ridge, has its minimum past the oracle for all α ≠
    |F|/|R|, β < 1 *)
Definition one_coordinate_printed_1 : Prop := forall `(Retain, Forget, Ridge, Group) (beta : R) `(Alpha),
  0 < n_retain -> 0 < n_forget -> 0 < ridge -> 0 < n_group -> 0 < beta -> beta < 1 -> 0 <= alpha -> alpha < balance ->
  n_retain <> 0 /\ ridge <> 0 /\ n_forget <> 0 /\ 1 + beta * (-1) <> 0 /\
  n_group * (-1) / n_retain / ridge + n_group * (1 + alpha * beta * n_retain * (-1) / n_forget) / n_retain / ridge /
  (1 + beta * (-1)) > 0.
Definition one_coordinate_printed_2 : Prop := forall `(Retain, Forget, Ridge, Group) (beta : R) `(Alpha),
  0 < n_retain -> 0 < n_forget -> 0 < ridge -> 0 < n_group -> 0 < beta -> beta < 1 -> 0 <= alpha -> alpha < balance ->
  ridge <> 0 /\ n_total <> 0 /\ n_retain <> 0 /\ n_group * (-1) * (alpha + 1) / ridge / n_total + z_retrained > 0.
Definition one_coordinate_printed_3 : Prop := forall `(Retain, Forget, Ridge, Group) (beta : R) `(Alpha),
  0 < n_retain -> 0 < n_forget -> 0 < ridge -> 0 < n_group -> 0 < beta -> beta < 1 -> balance < alpha ->
  n_retain <> 0 /\ ridge <> 0 /\ n_forget <> 0 /\ 1 + beta * (-1) <> 0 /\
  n_group * (-1) / n_retain / ridge + n_group * (1 + alpha * beta * n_retain * (-1) / n_forget) / n_retain / ridge /
  (1 + beta * (-1)) < 0.
Definition one_coordinate_printed_4 : Prop := forall `(Retain, Forget, Ridge, Group) (beta : R) `(Alpha),
  0 < n_retain -> 0 < n_forget -> 0 < ridge -> 0 < n_group -> 0 < beta -> beta < 1 -> balance < alpha -> ridge <> 0 /\
  n_total <> 0 /\ n_retain <> 0 /\ n_group * (-1) * (alpha + 1) / ridge / n_total + z_retrained < 0.

(** beyond the paper: next to the oracle a direction of curvature h passes it at the time ln(1 + |F|/(β|R|))/h *)
Definition passing_times_printed_1 : Prop := forall (curvature ratio time : R), 0 < curvature -> 0 < ratio ->
  0 <= time -> ratio <> 0 /\ 1 + / ratio <> 0 /\ ratio * (-1) + (ratio + 1) / (1 + / ratio) = 0.

(** beyond the paper: the best stop on the line of the first step leaves ‖δ‖·sin∠(δ, v), at the time ⟨δ, v⟩/‖v‖² *)
Definition best_stop_printed_1 : Prop := forall (length squared along time : R), 0 < length -> 0 < squared ->
  0 <= along -> 0 <= time -> length <> 0 /\ squared <> 0 /\
  length + along * time * (-2) + squared * time ^ 2 = length * (1 + (-1) * along ^ 2 / length / squared) + squared *
  (time + along * (-1) / squared) ^ 2.

(** beyond the paper: the best stop of the flow itself leaves at most ‖δ‖(sin∠ + ½τe^τ·cos∠), τ = M⟨δ, v⟩/‖v‖², ‖∇²L‖
    ≤ M up to then *)
Definition path_printed_1 : Prop := forall (turned : R), 0 < turned ->
  (-1) + turned * (-1) + exp turned <= 1 / 2 * turned ^ 2 * exp turned.
Definition path_printed_2 : Prop := forall (bent ratio curvature product pull : R), 0 < bent -> 0 < ratio ->
  0 < curvature -> 0 < product -> curvature * product <= pull -> pull <> 0 /\ ratio + 1 <> 0 /\ curvature <> 0 /\
  bent * product / pull / (ratio + 1) <= bent / curvature / (ratio + 1).

(** beyond the paper: for v = Hδ the best stop leaves at most (χ − 1)/(χ + 1) of the distance *)
Definition angle_printed_1 : Prop := forall (low high length squared along : R), 0 < low -> low <= high ->
  0 < length -> high * length * low <= squared -> (squared + high * length * low) / (high + low) <= along ->
  along ^ 2 * (high + low) ^ 2 >= high * length * low * squared * 4.
Definition angle_printed_2 : Prop := forall (low high length squared along : R), 0 < low -> low <= high ->
  0 < length -> 0 < squared -> squared <= high * length * low ->
  (squared + high * length * low) / (high + low) <= along ->
  along ^ 2 * (high + low) ^ 2 >= high * length * low * squared * 4.
End Overshoot.

(** * pair-harm: On the correlated pair, below the pretrained model is farther from the oracle (beyond the paper) *)
Module Pair_harm.

(** beyond the paper: x^D ≥ x^DA ⇒ ‖w^DA − w^R‖ ≥ ‖w^D − w^R‖ *)
Definition harm_printed_1 : Prop := forall `(Retain, Forget, Epsilon) (drop lift push : R) `(Forget_pull),
  0 < n_retain -> 0 < n_forget -> 0 <= epsilon -> epsilon <= 1 -> 0 <= drop -> drop * (-1) <= lift -> lift <= drop ->
  0 <= push -> 0 <= pull_forget -> pull_forget <= n_forget * push / n_total -> own <> 0 /\
  (-1) * (pull_forget ^ 2 * (1 + (-1) * epsilon ^ 2) ^ 2 + lift ^ 2) / own + (push ^ 2 * (1 + (-1) * epsilon ^ 2) ^ 2
  + drop ^ 2) / own >= 0.

(** beyond the paper: the distance in weights by the margins: ‖w − w^R‖² = ((x − x^R)² + (1 − ε²)²φ²)/(1 + ε²) *)
Definition square_printed_1 : Prop := forall `(Epsilon) (push first second : R), 0 <= epsilon -> epsilon <= 1 ->
  0 <= push -> push * (-1) <= first -> first <= push -> push * (-1) <= second -> second <= push -> own <> 0 /\
  (first + epsilon * second) ^ 2 + (second + epsilon * first) ^ 2 = (second ^ 2 * (1 + (-1) * epsilon ^ 2) ^ 2 +
  (epsilon * second * 2 + first * own) ^ 2) / own.
End Pair_harm.

(** * any-loss: One coordinate with any margin loss; the logistic loss never diverges (beyond the paper) *)
Module Any_loss.

(** beyond the paper: the solutions are ordered as the z are, so lemma 3's α₁ and α₀ are the same for every loss *)
Definition order_printed_1 : Prop := forall (z_low z_more force force_more : R), 0 <= z_low -> z_low <= z_more ->
  0 < force -> force <= force_more -> force * z_low * (-1) + force_more * z_more >= 0.

(** beyond the paper: above |F|/|R| every stationary point of descent-ascent is farther from the oracle than doing
    nothing *)
Definition farther_printed_1 : Prop := forall (share oracle depth near force far : R), 0 < share -> share < 1 ->
  0 < oracle -> 0 < depth -> 0 < near -> near <= force -> force <= far -> far <> 0 /\ force <> 0 /\
  depth + oracle > near * (depth * share / far + oracle / force).

(** beyond the paper: for the logistic loss too |w^D − w^R| ≤ |ln((1+α)|R|/|D|)| *)
Definition logistic_lemma_4_printed_1 : Prop := forall (start span : R), 0 <= start -> 0 <= span ->
  (span + start) * (1 + exp (span * (-1) + start * (-1))) >= start * (1 + exp (start * (-1))).

(** beyond the paper: with the logistic loss descent-ascent has exactly one stationary point, a minimum, for every α,
    and |w^DA| ≤ |z^DA| *)
Definition logistic_minimum_printed_1 : Prop := forall (depth : R), 0 <= depth ->
  depth * (1 + exp (depth * (-1))) >= depth.
End Any_loss.

(** * all-coordinates: The whole vector: some coordinate overshoots, and doing nothing can be worse (beyond the paper) *)
Module All_coordinates.

(** beyond the paper: Σ_j (|R_j|/|R|)·α_j = |F|/|R|, so the largest α_j is above |F|/|R| unless all are equal *)
Definition mean_printed_1 : Prop := forall (retain_1 retain_2 retain_3 alpha_1 alpha_2 alpha_3 : R), 0 < retain_1 ->
  0 < retain_2 -> 0 < retain_3 -> 0 <= alpha_1 -> alpha_1 <= alpha_2 -> alpha_2 < alpha_3 ->
  retain_1 + retain_2 + retain_3 <> 0 /\
  alpha_3 > (alpha_1 * retain_1 + alpha_2 * retain_2 + alpha_3 * retain_3) / (retain_1 + retain_2 + retain_3).
Definition mean_printed_2 : Prop := forall (retain_1 retain_2 retain_3 alpha_1 alpha_2 alpha_3 : R), 0 < retain_1 ->
  0 < retain_2 -> 0 < retain_3 -> 0 <= alpha_1 -> alpha_1 <= alpha_2 -> alpha_2 <= alpha_1 -> alpha_2 <= alpha_3 ->
  alpha_3 <= alpha_2 -> retain_1 + retain_2 + retain_3 <> 0 /\
  alpha_3 = (alpha_1 * retain_1 + alpha_2 * retain_2 + alpha_3 * retain_3) / (retain_1 + retain_2 + retain_3).

(** beyond the paper: ‖w^DA − w^R‖²/‖w^D − w^R‖² → ‖f‖²/(κ²‖f − r‖²) as λ → ∞ *)
Definition large_ridge_printed_1 : Prop := forall (n_retain n_forget ridge n_group forget_group : R),
  0 < n_retain -> 0 < n_forget -> 0 < ridge -> 0 < n_group -> 0 <= forget_group -> n_retain <> 0 /\ ridge <> 0 /\
  n_forget <> 0 /\ n_group <> 0 /\
  n_group * (-1) / n_retain / ridge + n_group * (1 + forget_group * n_retain * (-1) / n_forget / n_group) / n_retain /
  ridge = forget_group * (-1) / n_forget / ridge.
Definition large_ridge_printed_2 : Prop := forall `(Retain, Forget, Ridge, Group) (forget_group : R),
  0 < n_retain -> 0 < n_forget -> 0 < ridge -> 0 < n_group -> 0 <= forget_group -> n_retain <> 0 /\ ridge <> 0 /\
  n_group <> 0 /\ n_total <> 0 /\ n_forget <> 0 /\
  n_group * (-1) / n_retain / ridge + n_group * (1 + forget_group / n_group) / ridge / n_total = n_forget *
  (forget_group / n_forget + n_group * (-1) / n_retain) / ridge / n_total.

(** beyond the paper: if κ ≤ 1/√M, doing nothing is at least as good for the whole vector, at every ridge with all
    minima *)
Definition threshold_printed_1 : Prop := forall (argument rise : R), 0 <= argument -> 0 <= rise ->
  W_real argument /\ W_real (argument + rise) /\ (-1) * W0 argument + W0 (argument + rise) <= rise.
Definition threshold_printed_2 : Prop := forall (rise : R), 0 <= rise -> rise <= exp (-1) -> W_real (rise * (-1)) /\
  W0 (rise * (-1)) <= rise * (-1).
Definition threshold_printed_3 : Prop := forall (groups square : R), 1 <= groups -> 0 <= square ->
  square <= / (groups + 1) -> groups <> 0 /\ square * (-1) + (1 + square * (-1)) / groups >= 0.
Definition threshold_printed_4 : Prop := forall (argument rise force force_low force_high : R), 0 <= argument ->
  0 <= rise -> 0 < force -> 0 < force_low -> force_low <= force -> 0 < force_high -> force_high <= force_low ->
  argument * force_low * (-1) + force_high * (argument + rise) <= force * rise.
Definition threshold_printed_5 : Prop := forall (rise force force_down : R), 0 <= rise -> 0 < force ->
  force <= force_down -> force_down * rise >= force * rise.

(** beyond the paper: ‖f‖² ≥ κ²‖f − r‖² for all data in M groups exactly if κ ≤ 1/√M, so for no larger κ is the
    threshold true *)
Definition sharp_printed_1 : Prop := forall (groups share rest : R), 2 <= groups -> 0 <= share -> share <= 1 ->
  / (groups + (-1)) * (1 + share * (-1)) ^ 2 <= rest -> rest <= / (groups + (-1)) * (1 + share * (-1)) ^ 2 ->
  (-1) + groups * (rest + share ^ 2) + rest * (-1) + share * 2 + (-1) * share ^ 2 = groups * share ^ 2.

(** beyond the paper: 'doing nothing at all is better' is false for the whole vector *)
Definition doing_nothing_printed_1 : Prop := forall (retain_1 retain_2 forget_1 forget_2 ridge : R),
  1 <= retain_1 -> retain_1 <= 1 -> 0 <= retain_2 -> retain_2 <= 0 -> 0 <= forget_1 -> forget_1 <= 0 ->
  3 <= forget_2 -> forget_2 <= 3 -> 100 <= ridge -> ridge <= 100 -> let t1 := retain_1 * ridge + retain_2 * ridge in
  let t2 := forget_1 * ridge + forget_2 * ridge in let t3 := retain_1 / t1 in let t4 := retain_2 / t1 in
  let w5 := W0 t3 in let w6 := W0 t4 in let t7 := (-2) * w5 in let t8 := (-2) * w6 in
  let t9 := t2 + retain_1 * ridge + retain_2 * ridge in let t10 := forget_1 * (-1) / t2 + t3 in
  let t11 := forget_2 * (-1) / t2 + t4 in let w12 := W0 t10 in let w13 := W0 t11 in
  let t14 := forget_1 / t9 + retain_1 / t9 in let t15 := forget_2 / t9 + retain_2 / t9 in let w16 := W0 t14 in
  let w17 := W0 t15 in t1 <> 0 /\ W_real t3 /\ t2 <> 0 /\ W_real t10 /\ W_real t4 /\ W_real t11 /\ t9 <> 0 /\
  W_real t14 /\ W_real t15 /\
  t7 * w12 + t8 * w13 + w5 ^ 2 + w6 ^ 2 + w12 ^ 2 + w13 ^ 2 < t7 * w16 + t8 * w17 + w5 ^ 2 + w6 ^ 2 + w16 ^ 2 + w17 ^
  2.
End All_coordinates.

(** * finite-steps: No step of the iteration helps either, up to the limit of stability (beyond the paper) *)
Module Finite_steps.

(** beyond the paper: if η·sup L'' ≤ 2 between 2w^DA − w^D and w^D, every iterate stays as far from w^DA as w^D, or
    closer *)
Definition no_step_helps_printed_1 : Prop := forall (rest off room share : R), 0 <= rest -> 0 <= off -> 0 <= room ->
  0 <= share -> share <= 1 ->
  off * (1 + rest * exp (off + room)) >= share * (off + rest * (1 + (-1) * exp (off * (-1)))).
Definition no_step_helps_printed_2 : Prop := forall (rest off room share : R), 0 <= rest -> 0 <= off -> 0 <= room ->
  0 <= share -> share <= 1 -> off * (1 + rest * exp (off + room)) >= share * (off + rest * ((-1) + exp off)).

(** beyond the paper: the same for every margin loss: η·sup L'' ≤ 2 between 2w^DA − w^D and w^D is enough *)
Definition any_loss_printed_1 : Prop := forall (stretch off : R), 0 <= stretch -> stretch <= 2 -> 0 <= off ->
  off * (1 + stretch * (-1)) >= off * (-1).
Definition any_loss_printed_2 : Prop := forall (stretch off : R), 0 <= stretch -> stretch <= 2 -> 0 <= off ->
  off * (1 + stretch * (-1)) <= off.

(** beyond the paper: below α₁, if η·sup L'' ≤ 1 on the path, the iteration climbs toward the oracle and never passes
    it *)
Definition every_step_helps_printed_1 : Prop := forall (rest height share : R), 0 <= rest -> 0 <= height ->
  height <= rest -> 0 <= share -> share <= 1 ->
  height * (1 + rest * exp height) >= share * (height + rest * ((-1) + exp height)).
End Finite_steps.

(** * npo: NPO cures the divergence, not the direction (beyond the paper) *)
Module Npo.

(** beyond the paper: NPO's gradient is descent-ascent's with a weight that is 1 at the pretrained model and falls as
    the loss rises *)
Definition same_start_printed_1 : Prop := forall (sharpness loss reference : R), 0 < sharpness -> 0 <= loss ->
  0 <= reference -> 1 + exp (loss * sharpness * (-1)) * exp (reference * sharpness) <> 0 /\
  exp (loss * sharpness * (-1)) + exp (reference * sharpness * (-1)) <> 0 /\
  (-2) / (1 + exp (loss * sharpness * (-1)) * exp (reference * sharpness)) * exp (loss * sharpness * (-1)) * exp
  (reference * sharpness) = (-2) / (exp (loss * sharpness * (-1)) + exp (reference * sharpness * (-1))) * exp (loss *
  sharpness * (-1)).
Definition same_start_printed_2 : Prop := forall (sharpness loss reference : R), 0 < sharpness -> 0 <= loss ->
  loss <= reference -> reference <= loss -> exp (loss * sharpness * (-1)) + exp (reference * sharpness * (-1)) <> 0 /\
  2 / (exp (loss * sharpness * (-1)) + exp (reference * sharpness * (-1))) * exp (loss * sharpness * (-1)) = 1.

(** beyond the paper: for ω(w^D) = β and any margin loss no stop helps exactly for |F|²/(|R|(|F| + β|D|)) ≤ α ≤
    |F|/|R| *)
Definition no_stop_helps_printed_1 : Prop := forall `(Retain, Forget, Ridge, Group) (beta : R) `(Alpha) (force : R),
  0 < n_retain -> 0 < n_forget -> 0 < ridge -> 0 < n_group -> 0 <= beta ->
  n_forget ^ 2 / n_retain / (n_forget + beta * n_total) <= alpha -> 0 < force -> n_total <> 0 /\ n_forget <> 0 /\
  n_retain <> 0 /\
  force * n_group * (-1) * (alpha + 1) / n_total + force * (alpha * beta * n_group * (-1) / n_forget + n_group /
  n_retain) <= 0.
Definition no_stop_helps_printed_2 : Prop := forall `(Retain, Forget, Ridge, Group) (beta : R) `(Alpha) (force : R),
  0 < n_retain -> 0 < n_forget -> 0 < ridge -> 0 < n_group -> 0 <= beta -> 0 <= alpha ->
  alpha < n_forget ^ 2 / n_retain / (n_forget + beta * n_total) -> 0 < force -> n_total <> 0 /\ n_forget <> 0 /\
  n_retain <> 0 /\
  force * n_group * (-1) * (alpha + 1) / n_total + force * (alpha * beta * n_group * (-1) / n_forget + n_group /
  n_retain) > 0.
Definition no_stop_helps_printed_3 : Prop := forall (n_retain n_forget ridge n_group alpha omega force : R),
  0 < n_retain -> 0 < n_forget -> 0 < ridge -> 0 < n_group -> 0 <= alpha -> 0 <= omega -> 0 < force ->
  n_retain <> 0 /\ n_forget <> 0 /\
  force * n_group * (-1) / n_retain + force * (alpha * n_group * omega * (-1) / n_forget + n_group / n_retain) <= 0.
Definition no_stop_helps_printed_4 : Prop :=
  forall `(Retain, Forget, Ridge, Group, Alpha) (omega pushed force place : R), 0 < n_retain -> 0 < n_forget ->
  0 < ridge -> 0 < n_group -> balance < alpha -> 0 < omega -> 0 < pushed -> 0 < force -> force <= pushed ->
  0 <= place -> n_forget <> 0 /\ n_retain <> 0 /\
  force * (alpha * n_group * omega * (-1) / n_forget + n_group / n_retain) + n_group * pushed * (-1) / n_retain +
  place * ridge * (-1) < 0.

(** beyond the paper: with F's ridge inside L_R − βL_F leads from w^D through the oracle, for all β > 0, α ≠ |F|/|R|
    and any margin loss *)
Definition ridge_inside_printed_1 : Prop :=
  forall `(Retain, Forget, Ridge, Group) (beta : R) `(Alpha) (force place : R), 0 < n_retain -> 0 < n_forget ->
  0 < ridge -> 0 < n_group -> 0 < beta -> 0 <= alpha -> alpha < balance -> 0 < force ->
  force * n_group * (alpha + 1) / ridge / n_total <= place -> place <= force * n_group / n_retain / ridge ->
  n_forget <> 0 /\ n_retain <> 0 /\
  force * (alpha * beta * n_group * (-1) / n_forget + n_group / n_retain) + place * ridge * (-1) * (1 + beta * (-1)) >
  0.
Definition ridge_inside_printed_2 : Prop :=
  forall `(Retain, Forget, Ridge, Group) (beta : R) `(Alpha) (force place : R), 0 < n_retain -> 0 < n_forget ->
  0 < ridge -> 0 < n_group -> 0 < beta -> balance < alpha -> 0 < force ->
  force * n_group / n_retain / ridge <= place -> place <= force * n_group * (alpha + 1) / ridge / n_total ->
  n_forget <> 0 /\ n_retain <> 0 /\
  force * (alpha * beta * n_group * (-1) / n_forget + n_group / n_retain) + place * ridge * (-1) * (1 + beta * (-1)) <
  0.

(** beyond the paper: NPO with a ridge has a minimum for every α, with any margin loss that is bounded below *)
Definition bounded_printed_1 : Prop := forall (sharpness loss reference : R), 0 < sharpness -> 0 <= loss ->
  0 <= reference -> sharpness <> 0 /\ 0 < 1 + exp (loss * sharpness * (-1)) * exp (reference * sharpness) /\
  2 / sharpness * ln (1 + exp (loss * sharpness * (-1)) * exp (reference * sharpness)) >= 0.

(** beyond the paper: noise of mean 0 that is added where one stops adds its variance to the mean squared distance
    from the oracle *)
Definition noise_printed_1 : Prop := forall (away noise : R), 0 <= away -> 0 <= noise ->
  1 / 2 * (away + noise) ^ 2 + 1 / 2 * (away + noise * (-1)) ^ 2 = away ^ 2 + noise ^ 2.
End Npo.
