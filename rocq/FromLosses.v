(** Sentences whose stored proofs are in coordinates of their own (pulls, gaps), or whose limits are read off bounds: here they
    are said of eq. (1) and proved from the theorems of Theorems.v. *)
From Coq Require Import Reals Lra Lia Psatz.
From Ascent Require Import Lambert Rules Pair PairLosses Statements.
From Ascent Require Theorems.
Open Scope R_scope.

(** Where all directional derivatives are 0. *)
Definition critical (f : vector -> R) (w : vector) : Prop := forall d, derivable_pt_lim (fun t => f (along w d t)) 0 0.
Lemma critical_same f g w : (forall u, f u = g u) -> critical f w -> critical g w.
Proof. intros E C d. apply (derivable_pt_lim_ext (fun t => f (along w d t))); auto. Qed.
Lemma critical_stationary a c e lambda w : critical (pair_loss a c e lambda) w -> stationary a c e lambda w.
Proof.
  intros C. apply gradient_of_pair. intros d. apply (uniqueness_limite _ 0 _ _ (slope_right a c e lambda w d 0) (C d)).
Qed.

(** The pair of §5.1.2: |R_ij| samples (1, ε) in R, |F_ij| = α|R_ij| samples (ε, 1) in F. *)
Section OnThePair.
Variables (n_retain n_forget lambda e alpha : R) (kept gone : nat).
Hypothesis HR : 0 < n_retain.
Hypothesis HF : 0 < n_forget.
Hypothesis HL : 0 < lambda.
Hypothesis He : 0 <= e <= 1.
Hypothesis HK : (0 < kept)%nat.
Hypothesis HG : INR gone = alpha * INR kept.
Let a := INR kept / n_retain / lambda.
Let b := INR kept / (n_retain + n_forget) / lambda.
Let c := INR kept / n_forget / lambda.

Lemma kept_positive : 0 < INR kept. Proof. now apply lt_0_INR. Qed.
Lemma alpha_nonnegative : 0 <= alpha.
Proof. pose proof kept_positive. pose proof (pos_INR gone). rewrite HG in H0. destruct (Rle_or_lt 0 alpha); trivial. nra. Qed.
Lemma strengths : 0 < a /\ 0 < b /\ 0 < c /\ a * n_retain = b * (n_retain + n_forget) /\ c * n_forget = a * n_retain.
Proof.
  pose proof kept_positive. unfold a, b, c, Rdiv. assert (0 < / lambda) by now apply Rinv_0_lt_compat.
  assert (0 < / n_retain) by now apply Rinv_0_lt_compat. assert (0 < / n_forget) by now apply Rinv_0_lt_compat.
  assert (0 < / (n_retain + n_forget)) by (apply Rinv_0_lt_compat; lra).
  repeat split; try (repeat apply Rmult_lt_0_compat; trivial); field; lra.
Qed.

(** The equations of L_D and of L_DA, by the pulls. *)
Lemma pretrained_equations w : critical (L_D n_retain n_forget lambda e kept gone) w ->
  let r := b * exp (- x_of e w) in let s := alpha * b * exp (- y_of e w) in
  x_of e w = (1 + e ^ 2) * r + 2 * e * s /\ y_of e w = 2 * e * r + (1 + e ^ 2) * s.
Proof.
  intros C. apply (critical_same _ _ w (L_D_is n_retain n_forget lambda e kept gone)), critical_stationary in C.
  destruct (equations_of_pair _ _ _ _ _ HL C) as [X Y]. cbv zeta in *. rewrite !exp_neg in *. rewrite HG in *. unfold b. split.
  - rewrite <- X at 1. field. lra.
  - rewrite <- Y at 1. field. lra.
Qed.
Lemma da_equations w : critical (L_DA n_retain n_forget lambda e kept gone) w ->
  let r := a * exp (- x_of e w) in let s := alpha * c * exp (- y_of e w) in
  x_of e w = (1 + e ^ 2) * r - 2 * e * s /\ y_of e w = 2 * e * r - (1 + e ^ 2) * s.
Proof.
  intros C. apply (critical_same _ _ w (L_DA_is n_retain n_forget lambda e kept gone)), critical_stationary in C.
  destruct (equations_of_pair _ _ _ _ _ HL C) as [X Y]. cbv zeta in *. rewrite !exp_neg in *. rewrite HG in *. unfold a, c. split.
  - rewrite <- X at 1. field. lra.
  - rewrite <- Y at 1. field. lra.
Qed.
Lemma back k x : k * exp (- x) * exp x = k.
Proof. rewrite Rmult_assoc, (exp_opp_mult (- x) x) by ring. ring. Qed.

(** Lemma 8, for every stationary point of L_DA, minimum or not. *)
Theorem lemma_8_x w : critical (L_DA n_retain n_forget lambda e kept gone) w ->
  let z := INR kept / (lambda * n_retain) * (1 + e ^ 2) - INR kept / (lambda * n_forget) * (2 * alpha * e) in
  W_real z /\ x_of e w <= W0 z.
Proof.
  intros C z. destruct (da_equations w C) as [X Y]. cbv zeta in *. destruct strengths as [PA [_ [PC _]]].
  set (r := a * exp (- x_of e w)) in *. set (s := alpha * c * exp (- y_of e w)) in *.
  assert (R0 : 0 < r) by (apply Rmult_lt_0_compat; trivial; apply exp_pos).
  assert (S0 : 0 <= s) by (apply Rmult_le_pos; [apply Rmult_le_pos; [apply alpha_nonnegative|lra]|left; apply exp_pos]).
  destruct (Theorems.Lemma_8.x_upper_printed_1_proved e r s (proj1 He) (proj2 He) R0 S0) as [V K].
  unfold margin_x_da, margin_y_da, own, epsilon, pull_retain, pull_forget in *.
  replace (e * s * -2 + r * (1 + e ^ 2)) with (x_of e w) in * by lra.
  replace (e * r * 2 + s * -1 * (1 + e ^ 2)) with (y_of e w) in * by lra.
  assert (Z : e * s * -2 * exp (y_of e w) + r * (1 + e ^ 2) * exp (x_of e w) = z).
  { replace (e * s * -2 * exp (y_of e w)) with (e * -2 * (s * exp (y_of e w))) by ring.
    replace (r * (1 + e ^ 2) * exp (x_of e w)) with ((1 + e ^ 2) * (r * exp (x_of e w))) by ring.
    unfold r, s. rewrite !back. unfold z, a, c. field. lra. }
  rewrite Z in V, K. split; [exact V|lra].
Qed.
Theorem lemma_8_y w : critical (L_DA n_retain n_forget lambda e kept gone) w ->
  let z := INR kept / (lambda * n_retain) * (2 * e) - INR kept / (lambda * n_forget) * (alpha * (1 + e ^ 2)) in
  W_real z /\ y_of e w <= W0 z.
Proof.
  intros C z. destruct (da_equations w C) as [X Y]. cbv zeta in *. destruct strengths as [PA [_ [PC _]]].
  set (r := a * exp (- x_of e w)) in *. set (s := alpha * c * exp (- y_of e w)) in *.
  assert (R0 : 0 < r) by (apply Rmult_lt_0_compat; trivial; apply exp_pos).
  assert (S0 : 0 <= s) by (apply Rmult_le_pos; [apply Rmult_le_pos; [apply alpha_nonnegative|lra]|left; apply exp_pos]).
  destruct (Theorems.Lemma_8.y_upper_printed_1_proved e r s (proj1 He) (proj2 He) R0 S0) as [V K].
  unfold margin_x_da, margin_y_da, own, epsilon, pull_retain, pull_forget in *.
  replace (e * s * -2 + r * (1 + e ^ 2)) with (x_of e w) in * by lra.
  replace (e * r * 2 + s * -1 * (1 + e ^ 2)) with (y_of e w) in * by lra.
  assert (Z : e * r * 2 * exp (x_of e w) + s * -1 * (1 + e ^ 2) * exp (y_of e w) = z).
  { replace (e * r * 2 * exp (x_of e w)) with (e * 2 * (r * exp (x_of e w))) by ring.
    replace (s * -1 * (1 + e ^ 2) * exp (y_of e w)) with (-1 * (1 + e ^ 2) * (s * exp (y_of e w))) by ring.
    unfold r, s. rewrite !back. unfold z, a, c. field. lra. }
  rewrite Z in V, K. split; [exact V|lra].
Qed.
(** Appendix H: y^DA ≤ x^DA. *)
Theorem da_ordered w : critical (L_DA n_retain n_forget lambda e kept gone) w -> y_of e w <= x_of e w.
Proof.
  intros C. destruct (da_equations w C) as [X Y]. cbv zeta in *. destruct strengths as [PA [_ [PC _]]].
  set (r := a * exp (- x_of e w)) in *. set (s := alpha * c * exp (- y_of e w)) in *.
  assert (R0 : 0 < r) by (apply Rmult_lt_0_compat; trivial; apply exp_pos).
  assert (S0 : 0 <= s) by (apply Rmult_le_pos; [apply Rmult_le_pos; [apply alpha_nonnegative|lra]|left; apply exp_pos]).
  assert (K := Theorems.Lemma_12.other_problems_printed_1_proved e r s (proj1 He) (proj2 He) R0 S0).
  unfold margin_x_da, margin_y_da, own, epsilon, pull_retain, pull_forget in K. lra.
Qed.

(** Lemma 9: α ≥ (1+ε²)/(2ε)·|F|²/(|R|(|D|+|F|)) ⇒ x^D ≥ x^DA. *)
Theorem lemma_9_x v w : 0 < e -> (1 + e ^ 2) / (2 * e) * (n_forget ^ 2 / (n_retain * (n_retain + n_forget + n_forget))) <= alpha ->
  critical (L_D n_retain n_forget lambda e kept gone) v -> critical (L_DA n_retain n_forget lambda e kept gone) w ->
  x_of e w <= x_of e v.
Proof.
  intros E A CV CW. destruct (Rle_or_lt (x_of e w) (x_of e v)) as [|N]; trivial. exfalso.
  assert (O := da_ordered w CW). destruct (pretrained_equations v CV) as [XV YV]. destruct (da_equations w CW) as [XW YW].
  cbv zeta in *. destruct strengths as [PA [PB [PC [AB AC]]]]. assert (AL := alpha_nonnegative).
  set (x := x_of e v) in *. set (y := y_of e v) in *. set (x' := x_of e w) in *. set (y' := y_of e w) in *.
  set (r := b * exp (- x)) in *. set (s := alpha * b * exp (- y)) in *. set (r' := a * exp (- x')) in *. set (s' := alpha * c * exp (- y')) in *.
  assert (R0 : 0 < r') by (apply Rmult_lt_0_compat; trivial; apply exp_pos).
  assert (T : @alpha_min_x n_retain n_forget e <= alpha).
  { unfold alpha_min_x, own, epsilon, Statements.n_retain, Statements.n_forget.
    replace (1 / 2 * (1 + e ^ 2) / e * n_forget ^ 2 / n_retain / (n_retain + n_forget * 2)) with
      ((1 + e ^ 2) / (2 * e) * (n_forget ^ 2 / (n_retain * (n_retain + n_forget + n_forget)))) by (field; lra). exact A. }
  assert (EX : forall k x1 x2, k * exp (- x1) = k * exp (- x2) * exp (x2 - x1)).
  { intros. rewrite Rmult_assoc, <- exp_plus. f_equal. f_equal. ring. }
  assert (B : b = n_retain / (n_retain + n_forget) * a) by (apply Rmult_eq_reg_r with (n_retain + n_forget); [rewrite <- AB; field|]; lra).
  assert (C' : c = n_retain / n_forget * a) by (apply Rmult_eq_reg_r with n_forget; [rewrite AC; field|]; lra).
  assert (Er : r = n_retain / (n_retain + n_forget) * r' * exp (x' - x)) by (unfold r; rewrite (EX b x x'), B; unfold r'; ring).
  assert (Ones : forall t, 0 <= t -> 1 <= exp t) by (intros t P; pose proof (exp_ge t); lra).
  destruct (Rle_or_lt y x') as [Y|Y].
  - assert (K := Theorems.Lemma_9.x_printed_1_proved n_retain n_forget e alpha r' (x' - x) (exp (x' - y)) (exp (x' - y'))
      HR HF E (proj2 He) T R0 ltac:(cbv beta; lra) ltac:(apply Ones; lra) ltac:(apply Ones; lra)).
    destruct K as [_ [_ K]]. unfold n_total, own, epsilon, Statements.alpha, Statements.n_retain, Statements.n_forget in K.
    assert (Es : s = alpha * (n_retain / (n_retain + n_forget)) * r' * exp (x' - y)).
    { unfold s. rewrite (EX (alpha * b) y x'), B. unfold r'. ring. }
    assert (Es' : s' = alpha * (n_retain / n_forget) * r' * exp (x' - y')).
    { unfold s'. rewrite (EX (alpha * c) y' x'), C'. unfold r'. ring. }
    assert (Z : (1 + e ^ 2) * (r - r') + 2 * e * (s + s') + (x' - x) = 0) by lra.
    rewrite Er, Es, Es' in Z. apply (Rlt_irrefl 0). eapply Rlt_le_trans; [exact K|]. right. rewrite <- Z. field. lra.
  - assert (P0 : 0 <= s) by (apply Rmult_le_pos; [apply Rmult_le_pos; lra|left; apply exp_pos]).
    assert (G : s <= s').
    { unfold s, s'. rewrite !Rmult_assoc. apply Rmult_le_compat_l; trivial. apply Rmult_le_compat; try lra.
      - left. apply exp_pos.
      - assert (b <= a) by (rewrite B; assert (n_retain / (n_retain + n_forget) <= 1) by (apply Rle_div_l || (apply Rmult_le_reg_r with (n_retain + n_forget); [lra|]; unfold Rdiv; rewrite Rmult_assoc, Rinv_l; lra)); nra).
        rewrite C', B. assert (n_retain / (n_retain + n_forget) <= n_retain / n_forget).
        { unfold Rdiv. apply Rmult_le_compat_l; [lra|]. apply Rinv_le_contravar; lra. }
        apply Rmult_le_compat_r; lra.
      - left. apply exp_increasing. lra. }
    assert (R1 : 0 < r) by (apply Rmult_lt_0_compat; trivial; apply exp_pos).
    assert (Q : y - x <= x' - y').
    { assert (x' - y' = (1 - e) ^ 2 * (r' + s')) by lra. assert (y - x = (1 - e) ^ 2 * (s - r)) by lra.
      pose proof (pow2_ge_0 (1 - e)). assert ((1 - e) ^ 2 * (s - r) <= (1 - e) ^ 2 * (r' + s')) by (apply Rmult_le_compat_l; lra). lra. }
    assert (K := Theorems.Lemma_9.x_printed_2_proved n_retain n_forget e alpha r' (x' - x) (exp (y - x')) (exp ((x' - y') - (y - x)))
      HR HF E (proj2 He) T R0 ltac:(cbv beta; lra) ltac:(apply Ones; lra) ltac:(apply Ones; lra)).
    destruct K as [_ [_ [_ K]]]. unfold n_total, own, epsilon, Statements.alpha, Statements.n_retain, Statements.n_forget in K.
    assert (Es : s = alpha * (n_retain / (n_retain + n_forget)) * r' * / exp (y - x')).
    { unfold s. rewrite (EX (alpha * b) y x'), B, <- exp_Ropp. unfold r'. replace (- (y - x')) with (x' - y) by ring. ring. }
    assert (Es' : s' = alpha * (n_retain / n_forget) * r' * (exp ((x' - y') - (y - x)) * exp (y - x') * exp (x' - x))).
    { unfold s'. rewrite (EX (alpha * c) y' x'), C', <- !exp_plus. unfold r'.
      replace ((x' - y') - (y - x) + (y - x') + (x' - x)) with (x' - y') by ring. ring. }
    assert (Z : (1 + e ^ 2) * (r - r') + 2 * e * (s + s') + (x' - x) = 0) by lra.
    rewrite Er, Es, Es' in Z. apply (Rlt_irrefl 0). eapply Rlt_le_trans; [exact K|]. right. rewrite <- Z.
    assert (exp (y - x') <> 0) by (pose proof (exp_pos (y - x')); lra). field. lra.
Qed.
(** … and α ≥ 2ε/(1+ε²)·|F||D|/(|R|(|D|+|F|)) ⇒ y^D ≥ y^DA. *)
Theorem lemma_9_y v w : 0 < e ->
  2 * e / (1 + e ^ 2) * (n_forget * (n_retain + n_forget) / (n_retain * (n_retain + n_forget + n_forget))) <= alpha ->
  critical (L_D n_retain n_forget lambda e kept gone) v -> critical (L_DA n_retain n_forget lambda e kept gone) w ->
  y_of e w <= y_of e v.
Proof.
  intros E A CV CW. destruct (Rle_or_lt (y_of e w) (y_of e v)) as [|N]; trivial. exfalso.
  assert (O := da_ordered w CW). destruct (pretrained_equations v CV) as [XV YV]. destruct (da_equations w CW) as [XW YW].
  cbv zeta in *. destruct strengths as [PA [PB [PC [AB AC]]]]. assert (P2 : 0 < 1 + e ^ 2) by (pose proof (pow2_ge_0 e); lra).
  assert (AL : 0 < alpha).
  { eapply Rlt_le_trans; [|exact A]. repeat (apply Rmult_lt_0_compat || apply Rinv_0_lt_compat || lra). }
  set (x := x_of e v) in *. set (y := y_of e v) in *. set (x' := x_of e w) in *. set (y' := y_of e w) in *.
  set (r := b * exp (- x)) in *. set (s := alpha * b * exp (- y)) in *. set (r' := a * exp (- x')) in *. set (s' := alpha * c * exp (- y')) in *.
  assert (S0 : 0 < s') by (apply Rmult_lt_0_compat; [now apply Rmult_lt_0_compat|apply exp_pos]).
  assert (R1 : 0 < r) by (apply Rmult_lt_0_compat; trivial; apply exp_pos).
  assert (T : @alpha_min_y n_retain n_forget e <= alpha).
  { unfold alpha_min_y, n_total, own, epsilon, Statements.n_retain, Statements.n_forget.
    replace (e * n_forget * 2 * (n_forget + n_retain) / n_retain / (n_retain + n_forget * 2) / (1 + e ^ 2)) with
      (2 * e / (1 + e ^ 2) * (n_forget * (n_retain + n_forget) / (n_retain * (n_retain + n_forget + n_forget)))) by (field; lra). exact A. }
  assert (EX : forall k x1 x2, k * exp (- x1) = k * exp (- x2) * exp (x2 - x1)).
  { intros. rewrite Rmult_assoc, <- exp_plus. f_equal. f_equal. ring. }
  assert (B : b = n_retain / (n_retain + n_forget) * a) by (apply Rmult_eq_reg_r with (n_retain + n_forget); [rewrite <- AB; field|]; lra).
  assert (C' : c = n_retain / n_forget * a) by (apply Rmult_eq_reg_r with n_forget; [rewrite AC; field|]; lra).
  assert (K := Theorems.Lemma_9.y_printed_1_proved n_retain n_forget e alpha s' (y' - y) r (exp (x' - y'))
    HR HF E (proj2 He) T S0 ltac:(lra) (Rlt_le _ _ R1) ltac:(pose proof (exp_ge (x' - y')); lra)).
  destruct K as [_ [_ [_ K]]]. unfold n_total, own, epsilon, Statements.alpha, Statements.n_retain, Statements.n_forget, pull_retain in K.
  assert (Es : s = n_forget / (n_retain + n_forget) * s' * exp (y' - y)).
  { unfold s, s'. rewrite (EX (alpha * b) y y'), B, C'. field. lra. }
  assert (Er : alpha * r' = n_forget / n_retain * s' * / exp (x' - y')).
  { unfold s', r'. rewrite <- exp_Ropp, C'. rewrite (EX a x' y'). replace (- (x' - y')) with (y' - x') by ring. field. lra. }
  assert (Z : alpha * (2 * e * r + (1 + e ^ 2) * (s + s') + (y' - y)) = 2 * e * (alpha * r')).
  { replace (2 * e * (alpha * r')) with (alpha * (2 * e * r')) by ring. f_equal. lra. }
  assert (NZ : exp (x' - y') <> 0) by (pose proof (exp_pos (x' - y')); lra).
  assert (H1 : alpha * (y' - y + e * r * 2 + s' * (1 + n_forget / (n_forget + n_retain) * exp (y' - y)) * (1 + e ^ 2)) =
    alpha * (2 * e * r + (1 + e ^ 2) * (s + s') + (y' - y))).
  { rewrite Es, (Rplus_comm n_forget n_retain). ring. }
  assert (H2 : e * n_forget * s' * 2 / exp (x' - y') / n_retain = 2 * e * (alpha * r')).
  { rewrite Er. field. split; [exact NZ|lra]. }
  rewrite H1, H2, Z in K. lra.
Qed.
(** Lemma 10: α ≤ α_x of eq. (6) ⇒ x^R ≥ x^D, with x^R of lemma 6 ([lemma_6_from_the_loss]). *)
Theorem lemma_10_x v : 0 < e -> critical (L_D n_retain n_forget lambda e kept gone) v ->
  let x_retrained := W0 ((1 + e ^ 2) * (INR kept / (lambda * n_retain))) in
  let drop := x_retrained - W0 ((1 + e ^ 2) * (INR kept / (lambda * (n_retain + n_forget)))) in
  alpha <= lambda * (n_retain + n_forget) * drop * exp ((1 + e ^ 2) * drop / (2 * e)) / (2 * e * INR kept) ->
  x_of e v <= x_retrained.
Proof.
  intros E C u drop A. destruct (Rle_or_lt (x_of e v) u) as [|N]; trivial. exfalso.
  destruct (pretrained_equations v C) as [X Y]. cbv zeta in *. destruct strengths as [PA [PB [_ [AB _]]]].
  assert (AL := alpha_nonnegative). assert (PK := kept_positive).
  set (p := 1 + e ^ 2) in *. assert (P1 : 1 <= p) by (unfold p; pose proof (pow2_ge_0 e); lra).
  assert (PQ : 2 * e <= p) by (unfold p; pose proof (pow2_ge_0 (1 - e)); lra).
  set (D := n_retain + n_forget) in *. assert (PD : 0 < D) by (unfold D; lra).
  assert (Ua : u = W0 (p * a)) by (unfold u, a; f_equal; field; lra).
  assert (Db : drop = u - W0 (p * b)) by (unfold drop, b; fold D; replace (INR kept / (lambda * D)) with (INR kept / D / lambda) by (field; lra); reflexivity).
  set (x := x_of e v) in *. set (y := y_of e v) in *. set (r := b * exp (- x)) in *. set (s := alpha * b * exp (- y)) in *.
  assert (E1 := exp_pos 1).
  assert (PPA : 0 < p * a) by (apply Rmult_lt_0_compat; lra). assert (PPB : 0 < p * b) by (apply Rmult_lt_0_compat; lra).
  destruct (W0_spec (p * a)) as [_ U]; [nra|]. rewrite <- Ua in U.
  destruct (W0_spec (p * b)) as [_ V]; [nra|]. set (w := W0 (p * b)) in *. clearbody u drop.
  assert (Pos : forall t z, 0 < z -> t * exp t = z -> 0 < t).
  { intros t z Z K. destruct (Rlt_or_le 0 t); trivial. pose proof (exp_pos t). nra. }
  assert (U0 := Pos u _ PPA U). assert (V0 := Pos w _ PPB V). pose (k := n_retain / D * u). pose (g := n_forget / D * u).
  assert (K0 : 0 < k) by (unfold k; apply Rmult_lt_0_compat; trivial; now apply Rdiv_lt_0_compat).
  assert (G0 : 0 < g) by (unfold g; apply Rmult_lt_0_compat; trivial; now apply Rdiv_lt_0_compat).
  assert (KG : u = k + g) by (unfold k, g, D in *; field; lra).
  assert (B : p * b = k * exp u).
  { assert (b = n_retain / D * a) by (apply Rmult_eq_reg_r with D; [rewrite <- AB; field|]; lra).
    rewrite H. unfold k. replace (n_retain / D * u * exp u) with (n_retain / D * (u * exp u)) by ring. rewrite U. ring. }
  assert (VU : w <= u).
  { destruct (Rle_or_lt w u) as [|L]; trivial. assert (X1 := xexp_increasing u w ltac:(lra) L). unfold xexp in X1.
    rewrite U, V in X1. assert (a < b) by (apply Rmult_lt_reg_l with p; lra). assert (a * D <= b * D) by (apply Rmult_le_compat_r; lra).
    rewrite <- AB in H0. assert (a * n_retain < a * D) by (apply Rmult_lt_compat_l; unfold D; lra). lra. }
  assert (VK : k <= w).
  { destruct (Rle_or_lt k w) as [|L]; trivial. assert (K2 : w < u) by lra. pose proof (exp_increasing _ _ K2). pose proof (exp_pos u).
    rewrite B in V. nra. }
  set (step := x - u). set (fall := 1 - exp (- step)).
  assert (F1 : exp (- step) < 1) by (rewrite <- exp_0; apply exp_increasing; unfold step; lra).
  assert (F2 := exp_pos (- step)). assert (F3 := exp_ge (- step)).
  assert (T : 1 <= p / (2 * e)) by (apply Rmult_le_reg_r with (2 * e); [lra|]; replace (p / (2 * e) * (2 * e)) with p by (field; lra); lra).
  destruct (Theorems.Lemma_10.x_printed_1_proved k g (p / (2 * e)) fall step drop K0 G0 T ltac:(unfold fall; lra)
    ltac:(unfold fall; lra) ltac:(unfold fall; lra) ltac:(rewrite Db; lra) ltac:(rewrite Db; lra)) as [_ Q].
  assert (R1 : p * r = k * exp (- step)).
  { unfold r. replace (p * (b * exp (- x))) with (p * b * exp (- x)) by ring. rewrite B, Rmult_assoc, <- exp_plus.
    f_equal. f_equal. unfold step. ring. }
  assert (S1 : 2 * e * s = g + step + fall * k) by (unfold fall, step in *; lra).
  assert (S2 : alpha * b = s * exp y) by (unfold s; rewrite back; reflexivity).
  assert (Y1 : y = p / (2 * e) * (g + step + fall * k) + (k + fall * k * -1) / (p / (2 * e))).
  { rewrite <- S1. replace (k + fall * k * -1) with (p * r) by (rewrite R1; unfold fall; ring). rewrite Y. field. lra. }
  rewrite <- S1 in Q at 1. rewrite <- Y1 in Q.
  replace (2 * e * s * exp y) with (2 * e * (s * exp y)) in Q by ring. rewrite <- S2 in Q.
  assert (A2 : 2 * e * b * alpha <= drop * exp (drop * (p / (2 * e)))).
  { apply (Rmult_le_compat_l (2 * e * b)) in A; [|nra]. eapply Rle_trans; [exact A|]. right.
    replace (p * drop / (2 * e)) with (drop * (p / (2 * e))) by (field; lra). unfold b. fold D. field. repeat split; lra. }
  lra.
Qed.

(** §5.1.2, the stationary point of L_DA: where the pull of the forget samples passes a threshold it is no minimum. *)
Theorem lemma_8_no_minimum w : local_minimum (L_DA n_retain n_forget lambda e kept gone) w ->
  let r := a * exp (- x_of e w) in let s := alpha * c * exp (- y_of e w) in
  s <= (1 + r * (1 + e ^ 2)) / (1 + r * (1 + -1 * e ^ 2) ^ 2 + e ^ 2).
Proof.
  intros M r s. set (t := (1 + r * (1 + e ^ 2)) / _). destruct (Rle_or_lt s t) as [|N]; trivial. exfalso.
  destruct strengths as [PA _]. assert (R0 : 0 < r) by (apply Rmult_lt_0_compat; trivial; apply exp_pos).
  assert (K := Theorems.Lemma_8.existence_reading_1_1_proved e r s (proj1 He) (proj2 He) R0 N).
  unfold determinant, own, epsilon, pull_retain, pull_forget in K.
  destruct M as [d [P L]]. assert (M : local_minimum (pair_loss (INR kept / n_retain) (- (INR gone / n_forget)) e lambda) w).
  { exists d. split; trivial. intros u U1 U2. rewrite <- !L_DA_is. auto. }
  destruct (local_minimum_of_pair _ _ _ _ _ HL M) as [_ [_ [_ Q]]]. rewrite !exp_neg in Q.
  replace (INR kept / n_retain / lambda * exp (- x_of e w)) with r in Q by (unfold r, a; field; lra).
  replace (- (INR gone / n_forget) / lambda * exp (- y_of e w)) with (- s) in Q by (rewrite HG; unfold s, c; field; lra). lra.
Qed.
End OnThePair.

(** Corollary 1: for λ → 0 and α → |F|/|R|, Δ_{R,D} → 0 … *)
Theorem corollary_1_pretrained n_retain n_forget n_group : 0 < n_retain -> 0 < n_forget -> 0 < n_group -> forall gap, 0 < gap ->
  exists near, 0 < near /\ forall lambda alpha, 0 < lambda -> 0 <= alpha -> Rabs (alpha - n_forget / n_retain) < near ->
  Rabs (W0 ((1 + alpha) * n_group / (lambda * (n_retain + n_forget))) - W0 (n_group / (lambda * n_retain))) <= gap.
Proof.
  intros HR HF HG gap P. assert (G1 : exp (- gap) < 1) by (rewrite <- exp_0; apply exp_increasing; lra).
  assert (G2 := exp_pos (- gap)). assert (G3 : 1 < exp gap) by (rewrite <- exp_0; apply exp_increasing; lra).
  set (D := n_retain + n_forget). assert (PD : 0 < D / n_retain) by (apply Rdiv_lt_0_compat; unfold D; lra).
  exists ((1 - exp (- gap)) * (D / n_retain)). split; [apply Rmult_lt_0_compat; lra|].
  intros lambda alpha HL HA N. apply Rabs_def2 in N.
  assert (R : n_retain * (alpha + 1) / (n_forget + n_retain) = 1 + (alpha - n_forget / n_retain) / (D / n_retain)) by (unfold D; field; lra).
  assert (Q : Rabs (ln (n_retain * (alpha + 1) / (n_forget + n_retain))) <= gap).
  { assert (I : exp gap * exp (- gap) = 1) by (apply exp_opp_mult; ring).
    assert (Z : exp (- gap) < n_retain * (alpha + 1) / (n_forget + n_retain) < exp gap).
    { rewrite R. set (z := (alpha - n_forget / n_retain) / (D / n_retain)).
      assert (ZD : alpha - n_forget / n_retain = z * (D / n_retain)) by (unfold z; field; unfold D; lra). nra. }
    apply Rabs_le. split; left.
    - rewrite <- (ln_exp (- gap)). apply ln_increasing; lra.
    - rewrite <- (ln_exp gap). apply ln_increasing; lra. }
  replace ((1 + alpha) * n_group / (lambda * D)) with (n_group * (alpha + 1) / lambda / (n_forget + n_retain)) by (unfold D; field; lra).
  replace (n_group / (lambda * n_retain)) with (n_group / n_retain / lambda) by (field; lra).
  destruct (Rle_or_lt (n_forget / n_retain) alpha) as [B|B].
  - destruct (Theorems.Da_farthest.stay_close_reading_1_1_proved n_retain n_forget lambda n_group alpha HR HF HL HG B) as [_ [_ [_ [_ [_ [_ U]]]]]].
    destruct (Theorems.Da_farthest.stay_close_reading_1_2_proved n_retain n_forget lambda n_group alpha HR HF HL HG B) as [_ [_ [_ [_ [_ L]]]]].
    unfold w_pretrained, w_retrained, z_pretrained, z_retrained, n_total, Statements.n_retain, Statements.n_forget, ridge,
      Statements.n_group, Statements.alpha in *.
    rewrite Rabs_pos_eq by lra. pose proof (Rle_abs (ln (n_retain * (alpha + 1) / (n_forget + n_retain)))). lra.
  - destruct (Theorems.Da_farthest.stay_close_reading_1_3_proved n_retain n_forget lambda n_group alpha HR HF HL HG HA (Rlt_le _ _ B)) as [_ [_ [_ [_ [_ [_ U]]]]]].
    destruct (Theorems.Da_farthest.stay_close_reading_1_4_proved n_retain n_forget lambda n_group alpha HR HF HL HG HA (Rlt_le _ _ B)) as [_ [_ [_ [_ [_ L]]]]].
    unfold w_pretrained, w_retrained, z_pretrained, z_retrained, n_total, Statements.n_retain, Statements.n_forget, ridge,
      Statements.n_group, Statements.alpha in *.
    rewrite Rabs_left1 by lra. pose proof (Rle_abs (- ln (n_retain * (alpha + 1) / (n_forget + n_retain)))). rewrite Rabs_Ropp in H. lra.
Qed.

(** … and Δ_{R,DA} → ∞, where descent-ascent has a solution. *)
Theorem corollary_1_descent_ascent n_retain n_forget n_group : 0 < n_retain -> 0 < n_forget -> 0 < n_group -> forall far,
  exists near, 0 < near /\ forall lambda alpha, 0 < lambda -> lambda < near -> 0 <= alpha -> Rabs (alpha - n_forget / n_retain) < near ->
  alpha <= n_forget / n_retain + lambda * n_forget / (exp 1 * n_group) ->
  far < W0 (n_group / (lambda * n_retain)) - W0 ((1 - alpha * n_retain / n_forget) * n_group / (lambda * n_retain)).
Proof.
  intros HR HF HG far. set (K := Rmax 1 (far + 2)). assert (K1 := Rmax_l 1 (far + 2)). assert (K2 := Rmax_r 1 (far + 2)). fold K in K1, K2.
  assert (E1 := exp_pos 1). assert (EK := exp_pos K). assert (E1' : 1 < exp 1) by (rewrite <- exp_0 at 1; apply exp_increasing; lra).
  set (n1 := n_group / n_retain / (K * exp K)). set (n2 := n_group / n_retain * exp (-1)). set (n3 := exp (- (2 * K)) * (n_forget / n_retain)).
  assert (GR : 0 < n_group / n_retain) by now apply Rdiv_lt_0_compat. assert (FR : 0 < n_forget / n_retain) by now apply Rdiv_lt_0_compat.
  assert (KK : 0 < K * exp K) by (apply Rmult_lt_0_compat; lra).
  assert (N1 : 0 < n1) by now apply Rdiv_lt_0_compat. assert (N2 : 0 < n2) by (apply Rmult_lt_0_compat; trivial; apply exp_pos).
  assert (N3 : 0 < n3) by (apply Rmult_lt_0_compat; trivial; apply exp_pos).
  exists (Rmin n1 (Rmin n2 n3)). split; [repeat apply Rmin_glb_lt; trivial|].
  intros lambda alpha HL LN HA AN AL.
  assert (L1 : lambda < n1) by (eapply Rlt_le_trans; [exact LN|apply Rmin_l]).
  assert (L2 : lambda < n2) by (eapply Rlt_le_trans; [exact LN|eapply Rle_trans; [apply Rmin_r|apply Rmin_l]]).
  assert (A3 : Rabs (alpha - n_forget / n_retain) < n3) by (eapply Rlt_le_trans; [exact AN|eapply Rle_trans; [apply Rmin_r|apply Rmin_r]]).
  replace ((1 - alpha * n_retain / n_forget) * n_group / (lambda * n_retain)) with
    (n_group * (1 + alpha * n_retain * -1 / n_forget) / n_retain / lambda) by (field; lra).
  replace (n_group / (lambda * n_retain)) with (n_group / n_retain / lambda) by (field; lra).
  set (cut := n_forget * (1 + n_retain * lambda * -1 / n_group * exp 1) / n_retain).
  destruct (Rle_or_lt cut alpha) as [C|C].
  - assert (A4 : alpha <= @limit n_retain n_forget lambda n_group).
    { unfold limit, balance, Statements.n_retain, Statements.n_forget, ridge, Statements.n_group.
      eapply Rle_trans; [exact AL|]. right. rewrite Rplus_comm. f_equal.
      assert (I : exp 1 * exp (-1) = 1) by (apply exp_opp_mult; ring).
      apply Rmult_eq_reg_r with (exp 1); [|lra].
      replace (n_forget * lambda / n_group * exp (-1) * exp 1) with (n_forget * lambda / n_group * (exp 1 * exp (-1))) by ring.
      rewrite I. field. lra. }
    destruct (Theorems.Corollary_1.descent_ascent_printed_1_proved n_retain n_forget lambda n_group alpha HR HF HL HG C A4) as [_ [_ [_ [_ [_ U]]]]].
    unfold w_da, w_retrained, z_da, z_retrained, Statements.n_retain, Statements.n_forget, ridge, Statements.n_group, Statements.alpha in U.
    assert (K < W0 (n_group / n_retain / lambda)); [|lra].
    assert (Z : K * exp K < n_group / n_retain / lambda).
    { apply Rmult_lt_reg_r with lambda; trivial. replace (n_group / n_retain / lambda * lambda) with (n_group / n_retain) by (field; lra).
      replace (n_group / n_retain) with (K * exp K * n1) by (unfold n1; field; lra). now apply Rmult_lt_compat_l. }
    apply W0_above; trivial. nra.
  - assert (CB : cut <= n_forget / n_retain).
    { unfold cut. replace (n_forget * (1 + n_retain * lambda * -1 / n_group * exp 1) / n_retain) with
        (n_forget / n_retain - n_forget * lambda / n_group * exp 1) by (field; lra).
      assert (0 < n_forget * lambda / n_group * exp 1); [|lra].
      apply Rmult_lt_0_compat; trivial. apply Rdiv_lt_0_compat; trivial. now apply Rmult_lt_0_compat. }
    destruct (Theorems.Corollary_1.descent_ascent_printed_2_proved n_retain n_forget n_group lambda alpha HR HF HG HL (Rlt_le _ _ L2) HA (Rlt_le _ _ C))
      as [_ [_ [_ [_ [_ [Z U]]]]]].
    unfold w_da, w_retrained, z_da, z_retrained, Statements.n_retain, Statements.n_forget, ridge, Statements.n_group, Statements.alpha in U, Z.
    set (z := 1 + alpha * n_retain * -1 / n_forget) in *.
    assert (ZN : z < exp (- (2 * K))).
    { apply Rmult_lt_reg_r with (n_forget / n_retain); trivial. fold n3.
      replace (z * (n_forget / n_retain)) with (n_forget / n_retain - alpha) by (unfold z; field; lra). apply Rabs_def2 in A3. lra. }
    assert (LN' : ln z < - (2 * K)) by (rewrite <- (ln_exp (- (2 * K))); now apply ln_increasing). lra.
Qed.
