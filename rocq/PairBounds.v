(** Bounds of the minimum of a correlated pair at rational a > 0, c ≥ 0, e ≥ 0: boxes, each of which follows from the one before. *)
From Coq Require Import Reals QArith Qreals List Bool Lra Psatz.
From Ascent Require Import Polynomials Lambert Trees Rules Bounds Pair.
Import ListNotations.
Open Scope R_scope.

Definition box := (Q * Q * (Q * Q))%type. (* x between, y between *)
Definition in_box (b : box) (x y : R) : Prop :=
  Q2R (fst (fst b)) <= x <= Q2R (snd (fst b)) /\ Q2R (fst (snd b)) <= y <= Q2R (snd (snd b)).

(** A solution z of z - u·e^{-z} = t is at least l where l - u·e^{-l} ≤ t, at most h where h - u·e^{-h} ≥ t. *)
Lemma at_least_l u z t l : 0 <= u -> z - u * exp (- z) = t -> l - u * exp (- l) <= t -> l <= z.
Proof.
  intros U E L. destruct (Rle_or_lt l z); trivial. assert (exp (- l) < exp (- z)) by (apply exp_increasing; lra). nra.
Qed.
Lemma at_most_h u z t h : 0 <= u -> z - u * exp (- z) = t -> t <= h - u * exp (- h) -> z <= h.
Proof.
  intros U E L. destruct (Rle_or_lt z h); trivial. assert (exp (- z) < exp (- h)) by (apply exp_increasing; lra). nra.
Qed.

Section Box.
Variables a c e : Q.
Variable k : nat.
Let p := (1 + e * e)%Q.
Let q := (2 * e)%Q.

(** l - u·e^{-l} ≤ v·e^{-w}, and h - u·e^{-h} ≥ v·e^{-w} as (h·d - u)·d' ≥ v·d with d, d' below e^h, e^w. *)
Definition low_ok (u v l w : Q) : bool := q_le (l - u * exp_low k (- l)) (v * exp_low k (- w)).
Definition high_ok (u v h w : Q) : bool :=
  let d := exp_low k h in let d' := exp_low k w in
  negb (q_le d 0) && negb (q_le d' 0) && q_le (v / d') (h - u / d).

Lemma positive_q x : negb (q_le x 0) = true -> 0 < Q2R x.
Proof.
  intros H. apply negb_true_iff in H. assert (N : ~ (x <= 0)%Q) by (unfold q_le in H; rewrite <- Qle_bool_iff; congruence).
  apply Qnot_le_lt, Qlt_Rlt in N. now rewrite Q2R_int in N.
Qed.
Lemma low_ok_ok u v l w : 0 <= Q2R u -> 0 <= Q2R v -> low_ok u v l w = true ->
  Q2R l - Q2R u * exp (- Q2R l) <= Q2R v * exp (- Q2R w).
Proof.
  intros U V H. apply q_le_ok in H. rewrite Q2R_minus, !Q2R_mult in H.
  pose proof (exp_low_ok k (- l)) as [_ A]. pose proof (exp_low_ok k (- w)) as [_ B]. rewrite Q2R_opp in A, B. nra.
Qed.
Lemma inverse_exp d x : 0 < Q2R d -> Q2R d <= exp (Q2R x) -> exp (- Q2R x) <= / Q2R d.
Proof. intros P L. rewrite exp_Ropp. apply Rinv_le_contravar; assumption. Qed.
Lemma high_ok_ok u v h w : 0 <= Q2R u -> 0 <= Q2R v -> high_ok u v h w = true ->
  Q2R v * exp (- Q2R w) <= Q2R h - Q2R u * exp (- Q2R h).
Proof.
  unfold high_ok. intros U V H. apply andb_true_iff in H. destruct H as [H L]. apply andb_true_iff in H. destruct H as [D D'].
  assert (N : forall x, 0 < Q2R x -> ~ (x == 0)%Q) by (intros x X Z; apply Qeq_eqR in Z; rewrite Z, Q2R_int in X; lra).
  apply positive_q in D, D'. apply q_le_ok in L. rewrite Q2R_minus, !Q2R_div in L by (apply N; assumption).
  pose proof (exp_low_ok k h) as [_ A]. pose proof (exp_low_ok k w) as [_ B].
  apply inverse_exp in A; trivial. apply inverse_exp in B; trivial. unfold Rdiv in L. nra.
Qed.

Definition next (b n : box) : bool :=
  low_ok (p * a) (q * c) (fst (fst n)) (snd (snd b)) && high_ok (p * a) (q * c) (snd (fst n)) (fst (snd b)) &&
  low_ok (p * c) (q * a) (fst (snd n)) (snd (fst b)) && high_ok (p * c) (q * a) (snd (snd n)) (fst (fst b)).
Fixpoint narrowed (b : box) (l : list box) : option box :=
  match l with [] => Some b | n :: l' => if next b n then narrowed n l' else None end.

Hypothesis A0 : 0 < Q2R a.
Hypothesis C0 : 0 <= Q2R c.
Hypothesis E0 : 0 <= Q2R e.
Variables x y : R.
Hypothesis P : pair_minimum (Q2R a) (Q2R c) (Q2R e) x y.

Lemma p_is : Q2R p = 1 + Q2R e ^ 2.
Proof. unfold p. rewrite Q2R_plus, Q2R_mult, Q2R_int. simpl. ring. Qed.
Lemma q_is : Q2R q = 2 * Q2R e.
Proof. unfold q. rewrite Q2R_mult, Q2R_int. reflexivity. Qed.

Lemma equations : x - Q2R p * Q2R a * exp (- x) = Q2R q * Q2R c * exp (- y) /\
  y - Q2R p * Q2R c * exp (- y) = Q2R q * Q2R a * exp (- x).
Proof.
  destruct P as [X [Y _]]. rewrite p_is, q_is. replace (- x) with (-1 * x) by ring. replace (- y) with (-1 * y) by ring.
  cbv zeta in X, Y. split; lra.
Qed.
Lemma signs_of : 0 <= Q2R p * Q2R a /\ 0 <= Q2R q * Q2R c /\ 0 <= Q2R p * Q2R c /\ 0 <= Q2R q * Q2R a.
Proof.
  rewrite p_is, q_is. assert (0 <= Q2R e ^ 2) by apply pow2_ge_0.
  split; [|split; [|split]]; apply Rmult_le_pos; lra.
Qed.

Lemma first_box : in_box ((0, p * a + q * c), (0, q * a + p * c))%Q x y.
Proof.
  destruct equations as [X Y]. destruct signs_of as [S1 [S2 [S3 S4]]]. assert (Px := exp_pos (- x)). assert (Py := exp_pos (- y)).
  assert (X0 : 0 <= x) by nra. assert (Y0 : 0 <= y) by nra.
  assert (Ex : exp (- x) <= 1) by (rewrite <- exp_0; apply exp_mono; lra).
  assert (Ey : exp (- y) <= 1) by (rewrite <- exp_0; apply exp_mono; lra).
  unfold in_box. cbn [fst snd]. rewrite !Q2R_plus, !Q2R_mult, !Q2R_int. repeat split; trivial; nra.
Qed.

Lemma next_ok b n : in_box b x y -> next b n = true -> in_box n x y.
Proof.
  intros [[Lx Hx] [Ly Hy]] H. unfold next in H. repeat (apply andb_true_iff in H; destruct H as [H ?]).
  destruct equations as [X Y]. destruct signs_of as [S1 [S2 [S3 S4]]].
  rewrite <- !Q2R_mult in *.
  repeat match goal with
    | K : low_ok _ _ _ _ = true |- _ => apply low_ok_ok in K; trivial
    | K : high_ok _ _ _ _ = true |- _ => apply high_ok_ok in K; trivial
    end.
  assert (Bx : exp (- Q2R (snd (fst b))) <= exp (- x) <= exp (- Q2R (fst (fst b)))) by (split; apply exp_mono; lra).
  assert (By : exp (- Q2R (snd (snd b))) <= exp (- y) <= exp (- Q2R (fst (snd b)))) by (split; apply exp_mono; lra).
  unfold in_box. repeat split.
  - apply (at_least_l _ _ _ _ S1 X). nra.
  - apply (at_most_h _ _ _ _ S1 X). nra.
  - apply (at_least_l _ _ _ _ S3 Y). nra.
  - apply (at_most_h _ _ _ _ S3 Y). nra.
Qed.
Lemma narrowed_ok l : forall b n, in_box b x y -> narrowed b l = Some n -> in_box n x y.
Proof.
  induction l as [|m l IH]; intros b n B H; simpl in H; [inversion H; subst; exact B|].
  destruct (next b m) eqn:N; try discriminate. apply IH with (2 := H). now apply next_ok with b.
Qed.
End Box.

(** The minimum that Pair.v has is in the last box. *)
Theorem pair_in_box (a c e : Q) (k : nat) (l : list box) (n : box) A C E :
  Q2R a = A -> Q2R c = C -> Q2R e = E -> negb (q_le a 0) = true -> q_le 0 c = true -> q_le 0 e = true ->
  narrowed a c e k ((0, (1 + e * e) * a + 2 * e * c), (0, 2 * e * a + (1 + e * e) * c))%Q l = Some n ->
  in_box n (pair_x the_pair A C E) (pair_y the_pair A C E).
Proof.
  intros <- <- <- A0 C0 E0 H. apply positive_q in A0. apply q_le_ok in C0, E0. rewrite Q2R_int in C0, E0.
  assert (P : pair_minimum (Q2R a) (Q2R c) (Q2R e) (pair_x the_pair (Q2R a) (Q2R c) (Q2R e)) (pair_y the_pair (Q2R a) (Q2R c) (Q2R e))).
  { apply pair_minima_exist; trivial. assert (0 <= exp 1 * (1 + Q2R e ^ 2) * Q2R c); [|lra].
    pose proof (exp_pos 1). assert (0 <= Q2R e ^ 2) by apply pow2_ge_0.
    apply Rmult_le_pos; [apply Rmult_le_pos|]; lra. }
  apply (narrowed_ok a c e k A0 C0 E0 _ _ P l _ n (first_box a c e A0 C0 E0 _ _ P) H).
Qed.

Ltac rational_point := unfold Q2R; cbn [Qnum Qden]; field.
