(** The rules by which facts on a domain follow from others. *)
From Coq Require Import Reals QArith List ZArith NArith Bool Lra Lia Ranalysis.
From Ascent Require Import Polynomials Lambert Trees.
Import ListNotations.
Open Scope R_scope.

Section Rules.
Variable M : pair_point.
Notation eval := (eval M).
Notation holds := (holds M).

Definition minus (a b : tree) : tree := Add a (Mul (Num (-1) 1) b).
Lemma eval_minus v a b : eval v (minus a b) = eval v a - eval v b.
Proof. simpl. ring. Qed.

(** [H |= f]: the fact f holds wherever all facts of the list H do. *)
Fixpoint all (v : nat -> R) (H : list fact) : Prop :=
  match H with [] => True | f :: H' => holds v f /\ all v H' end.
Definition entails (H : list fact) (f : fact) : Prop := forall v, all v H -> holds v f.
Infix "|=" := entails (at level 70).

Lemma all_in v H f : all v H -> In f H -> holds v f.
Proof. induction H as [|g H IH]; simpl; intros A I; [destruct I|]. destruct A, I; subst; auto. Qed.
Lemma all_intro v H : (forall f, In f H -> holds v f) -> all v H.
Proof. induction H; simpl; auto. Qed.
Lemma all_Forall v H : all v H -> Forall (holds v) H.
Proof. induction H; simpl; intros A; constructor; destruct A; auto. Qed.

(** Facts that follow from H, gathered. *)
Definition gives (H : list fact) (G : list fact) : Prop := forall v, all v H -> all v G.
Lemma gives_nil H : gives H []. Proof. intros v A. exact I. Qed.
Lemma gives_cons H f G : H |= f -> gives H G -> gives H (f :: G).
Proof. intros A B v V. split; auto. Qed.
Lemma gives_refl H : gives H H. Proof. intros v A. exact A. Qed.
Lemma gives_tail H f G : gives H (f :: G) -> gives H G.
Proof. intros A v V. apply A, V. Qed.
Lemma gives_skip f H G : gives H G -> gives (f :: H) G.
Proof. intros A v [_ V]. auto. Qed.
Lemma weaken H G f : gives H G -> G |= f -> H |= f.
Proof. intros A B v V. auto. Qed.

Definition listed (H : list fact) (f : fact) : bool := known_fact H (fst f) (snd f).
Lemma listed_ok H f : listed H f = true -> H |= f.
Proof. intros L v V. apply known_fact_ok with (2 := L). now apply all_Forall. Qed.
Lemma listed_all H G : forallb (listed H) G = true -> gives H G.
Proof.
  intros L v V. apply all_intro. intros f I. rewrite forallb_forall in L. exact (listed_ok _ _ (L f I) v V).
Qed.

(** Arithmetic: from gathered facts. *)
Theorem by_sign H G strict f leaf c l E :
  gives H G -> has_sign G leaf strict f c l E = true -> H |= (if strict then Positive else NonNegative, f).
Proof.
  intros A B v V. specialize (A v V). apply all_Forall in A. exact (has_sign_ok M v G leaf A strict f c l E B).
Qed.
Theorem by_identity H G f leaf E : gives H G -> is_zero G leaf f E = true -> H |= (IsZero, f).
Proof.
  intros A B v V. specialize (A v V). apply all_Forall in A. exact (is_zero_ok M v G leaf A f E B).
Qed.

(** The sign of a sum of products of powers of what has a known sign. *)
Inductive found := Less | Least | Greater.
Definition factor_sign (G : list fact) (t : tree) (k : Z) : found :=
  if known_fact G Positive t then Greater
  else match k with
       | Z0 => Greater
       | Zpos p => if known_fact G NonNegative t || N.even (Npos p) then Least else Less
       | Zneg _ => Less
       end.
Fixpoint product_sign (G : list fact) (l : list (tree * Z)) : found :=
  match l with
  | [] => Greater
  | (t, k) :: l' =>
    match factor_sign G t k, product_sign G l' with
    | Less, _ | _, Less => Less | Greater, Greater => Greater | _, _ => Least end
  end.
Fixpoint product (l : list (tree * Z)) : tree :=
  match l with [] => Num 1 1 | (t, k) :: l' => Mul (Pow t k) (product l') end.
Fixpoint total (l : list (Z * positive * list (tree * Z))) : tree :=
  match l with [] => Num 0 1 | (p, q, g) :: l' => Add (Mul (Num p q) (product g)) (total l') end.
Definition has_zero (G : list fact) (l : list (tree * Z)) : bool :=
  existsb (fun f => match snd f with Zpos _ => known_fact G IsZero (fst f) | _ => false end) l.
Definition term_sign (G : list fact) (p : Z) (g : list (tree * Z)) : found :=
  if has_zero G g then Least
  else match p with Zpos _ => product_sign G g | _ => Less end.
Fixpoint total_sign (G : list fact) (l : list (Z * positive * list (tree * Z))) : found :=
  match l with
  | [] => Least
  | (p, q, g) :: l' =>
    match term_sign G p g, total_sign G l' with
    | Less, _ | _, Less => Less | Greater, _ | _, Greater => Greater | _, _ => Least end
  end.
Definition found_holds (f : found) (x : R) : Prop :=
  match f with Less => True | Least => 0 <= x | Greater => 0 < x end.

Lemma power_sign_holds v G t k : Forall (holds v) G -> found_holds (factor_sign G t k) (power (eval v t) k).
Proof.
  intros F. unfold factor_sign. destruct (known_fact G Positive t) eqn:P.
  - apply (known_fact_ok M v) in P; trivial. simpl in *. destruct k.
    + simpl. lra.
    + apply pow_lt, P.
    + rewrite power_neg. apply pow_lt, Rinv_0_lt_compat, P.
  - destruct k as [|p|p]; [simpl; lra| |exact I].
    destruct (known_fact G NonNegative t || N.even (N.pos p)) eqn:B; [|exact I].
    apply orb_true_iff in B. destruct B as [N|E].
    + apply (known_fact_ok M v) in N; trivial. simpl in N. apply pow_le, N.
    + apply (even_pow (eval v t) (N.pos p)) in E. exact E.
Qed.

Lemma product_sign_holds v G l : Forall (holds v) G -> found_holds (product_sign G l) (eval v (product l)).
Proof.
  intros F. induction l as [|[t k] l IH]; simpl; [lra|].
  pose proof (power_sign_holds v G t k F) as P.
  destruct (factor_sign G t k), (product_sign G l); simpl in *; trivial;
    (apply Rmult_lt_0_compat || apply Rmult_le_pos); lra.
Qed.

Lemma has_zero_holds v G l : Forall (holds v) G -> has_zero G l = true -> eval v (product l) = 0.
Proof.
  intros F. induction l as [|[t k] l IH]; simpl; intros H; [discriminate|].
  apply orb_true_iff in H. destruct H as [H|H].
  - destruct k; try discriminate. apply (known_fact_ok M v) in H; trivial. simpl in H.
    simpl. rewrite H, pow_i by lia. ring.
  - rewrite (IH H). ring.
Qed.

Lemma total_sign_holds v G l : Forall (holds v) G -> found_holds (total_sign G l) (eval v (total l)).
Proof.
  intros F. induction l as [|[[p q] g] l IH]; simpl; [lra|].
  assert (P : found_holds (term_sign G p g) (eval v (Num p q) * eval v (product g))).
  { unfold term_sign. destruct (has_zero G g) eqn:Z.
    - rewrite (has_zero_holds v G g F Z). simpl. lra.
    - destruct p; simpl; trivial. pose proof (product_sign_holds v G g F) as S.
      assert (C : 0 < match q with xH => IZR (Zpos p) | _ => IZR (Zpos p) / IZR (Zpos q) end).
      { destruct q; try apply Rdiv_lt_0_compat; apply IZR_lt; reflexivity. }
      destruct (product_sign G g); simpl in *; trivial; [apply Rmult_le_pos|apply Rmult_lt_0_compat]; lra. }
  simpl in P. destruct (term_sign G p g), (total_sign G l); simpl in *; trivial; lra.
Qed.

Definition enough (s : sign) (f : found) : bool :=
  match s, f with Positive, Greater => true | NonNegative, (Greater | Least) => true | _, _ => false end.

Theorem by_combination H G s f l leaf E :
  gives H G -> enough s (total_sign G l) = true -> is_zero G leaf (minus f (total l)) E = true -> H |= (s, f).
Proof.
  intros A B C v V. specialize (A v V). apply all_Forall in A.
  pose proof (total_sign_holds v G l A) as T. pose proof (is_zero_ok M v G leaf A _ _ C) as Z.
  rewrite eval_minus in Z. unfold holds, Trees.holds. simpl. replace (eval v f) with (eval v (total l)) by lra.
  destruct s, (total_sign G l); try discriminate; simpl in *; lra.
Qed.

Definition zero_term (G : list fact) (t : Z * positive * list (tree * Z)) : bool := has_zero G (snd t).
Theorem by_combination_zero H G f l leaf E :
  gives H G -> forallb (zero_term G) l = true -> is_zero G leaf (minus f (total l)) E = true -> H |= (IsZero, f).
Proof.
  intros A B C v V. specialize (A v V). apply all_Forall in A.
  pose proof (is_zero_ok M v G leaf A _ _ C) as Z. rewrite eval_minus in Z.
  unfold holds, Trees.holds. simpl. replace (eval v f) with (eval v (total l)) by lra. clear Z C.
  induction l as [|[[p q] g] l IH]; [reflexivity|]. cbn [forallb] in B. apply andb_true_iff in B. destruct B as [B B'].
  cbn [total]. change (eval v (Num p q) * eval v (product g) + eval v (total l) = 0).
  rewrite (has_zero_holds v G g A B), (IH B'). ring.
Qed.

(** Simple consequences. *)
Theorem swapped H a b : H |= (IsZero, minus a b) -> H |= (IsZero, minus b a).
Proof. intros A v V. specialize (A v V). unfold holds, Trees.holds in *. simpl in *. lra. Qed.
Theorem itself H a : H |= (IsZero, minus a a).
Proof. intros v V. unfold holds, Trees.holds. simpl. lra. Qed.
Theorem by_equal H s f g : H |= (IsZero, minus f g) -> H |= (s, g) -> H |= (s, f).
Proof.
  intros A B v V. specialize (A v V). specialize (B v V). unfold holds, Trees.holds in *. simpl in *.
  replace (eval v f) with (eval v g) by lra. exact B.
Qed.
Theorem one_point H a b : H |= (NonNegative, minus a b) -> H |= (NonNegative, minus b a) -> H |= (IsZero, minus a b).
Proof. intros A B v V. specialize (A v V). specialize (B v V). unfold holds, Trees.holds in *. simpl in *. lra. Qed.
Theorem both H f : H |= (NonNegative, f) -> H |= (NonNegative, Mul (Num (-1) 1) f) -> H |= (IsZero, f).
Proof. intros A B v V. specialize (A v V). specialize (B v V). unfold holds, Trees.holds in *. simpl in *. lra. Qed.
Theorem positive_nonzero H f : H |= (Positive, f) -> H |= (NonZero, f).
Proof. intros A v V. specialize (A v V). unfold holds, Trees.holds in *. simpl in *. lra. Qed.
Theorem negative_nonzero H f : H |= (Positive, Mul (Num (-1) 1) f) -> H |= (NonZero, f).
Proof. intros A v V. specialize (A v V). unfold holds, Trees.holds in *. simpl in *. lra. Qed.
Theorem positive_nonnegative H f : H |= (Positive, f) -> H |= (NonNegative, f).
Proof. intros A v V. specialize (A v V). unfold holds, Trees.holds in *. simpl in *. lra. Qed.

(** The end of a range is attained, or it is not. *)
Theorem cases H x h f :
  (IsZero, minus x h) :: H |= f -> (Positive, minus h x) :: H |= f -> H |= (NonNegative, minus h x) -> H |= f.
Proof.
  intros A B C v V. specialize (C v V). unfold holds, Trees.holds in C. simpl in C.
  destruct (Rle_lt_or_eq_dec _ _ C) as [D|D].
  - apply B. split; trivial.
  - apply A. split; trivial. unfold holds, Trees.holds. simpl. lra.
Qed.

(** What a range says of the coordinate (x - l)/(h - x). *)
Definition between (x l h : tree) : tree := Mul (minus x l) (Pow (minus h x) (-1)).
Theorem between_positive H x l h :
  H |= (Positive, minus x l) -> H |= (Positive, minus h x) -> H |= (Positive, between x l h).
Proof.
  intros A B v V. specialize (A v V). specialize (B v V). unfold holds, Trees.holds in *. simpl in *.
  apply Rmult_lt_0_compat; trivial. now apply Rinv_0_lt_compat.
Qed.
Theorem between_nonnegative H x l h :
  H |= (NonNegative, minus x l) -> H |= (Positive, minus h x) -> H |= (NonNegative, between x l h).
Proof.
  intros A B v V. specialize (A v V). specialize (B v V). unfold holds, Trees.holds in *. simpl in *.
  apply Rmult_le_pos; trivial. left. now apply Rinv_0_lt_compat.
Qed.

(** e^g against its first terms. *)
Theorem exp_one H g : H |= (NonNegative, g) -> H |= (NonNegative, minus (Exp g) (Num 1 1)).
Proof.
  intros A v V. specialize (A v V). unfold holds, Trees.holds in *. simpl in *. pose proof (exp_ge (eval v g)). lra.
Qed.
Theorem exp_linear H g : H |= (NonNegative, minus (Exp g) (Add (Num 1 1) g)).
Proof. intros v V. unfold holds, Trees.holds. simpl. pose proof (exp_ge (eval v g)). lra. Qed.
Theorem exp_linear_strict H g : H |= (NonZero, g) -> H |= (Positive, minus (Exp g) (Add (Num 1 1) g)).
Proof.
  intros A v V. specialize (A v V). unfold holds, Trees.holds in *. simpl in *.
  pose proof (exp_ineq1 (eval v g) A). lra.
Qed.

Theorem above_zero H a : H |= (NonNegative, minus a (Num 0 1)) -> H |= (NonNegative, a).
Proof. intros A v V. specialize (A v V). unfold holds, Trees.holds in *. simpl in *. lra. Qed.

(** Equations of W and log, and the range of W. *)
Definition real_branch (a : tree) : fact := (NonNegative, Add (Mul (Exp (Num 1 1)) a) (Num 1 1)).
Theorem W0_equation H a : H |= real_branch a -> H |= (IsZero, minus (Mul (Lam0 a) (Exp (Lam0 a))) a).
Proof.
  intros A v V. specialize (A v V). unfold holds, Trees.holds in *. simpl in *.
  destruct (W0_spec _ A) as [_ E]. lra.
Qed.
Theorem Wm1_equation H a : H |= real_branch a -> H |= (Positive, Mul (Num (-1) 1) a) ->
  H |= (IsZero, minus (Mul (Lam1 a) (Exp (Lam1 a))) a).
Proof.
  intros A B v V. specialize (A v V). specialize (B v V). unfold holds, Trees.holds in *. simpl in *.
  destruct (Wm1_spec (eval v a) A) as [_ E]; lra.
Qed.
Theorem log_equation H a : H |= (Positive, a) -> H |= (IsZero, minus (Exp (Log a)) a).
Proof.
  intros A v V. specialize (A v V). unfold holds, Trees.holds in *. simpl in *. rewrite exp_ln; lra.
Qed.

(** Levels. *)
Definition at_level (l : tree) : tree := Mul l (Exp l).

Theorem W0_over (H : list fact) (a l : tree) (strict : bool) :
  let s := (if strict then Positive else NonNegative) in
  H |= real_branch a -> H |= (s, minus a (at_level l)) -> H |= (s, minus (Lam0 a) l).
Proof.
  intros s A B v V. specialize (A v V). specialize (B v V). unfold holds, Trees.holds, s in *. simpl in *.
  assert (C : (eval v l * exp (eval v l)) <= (eval v a)) by (destruct strict; simpl in B; lra). destruct C as [C|C].
  - pose proof (W0_above _ _ A C). destruct strict; simpl; lra.
  - destruct strict; simpl in *; [lra|].
    destruct (Rle_or_lt (-1) (eval v l)) as [D|D].
    + rewrite (W0_level (eval v a) (eval v l)); lra.
    + destruct (W0_spec _ A). lra.
Qed.

Theorem W0_under (H : list fact) (a l : tree) (strict : bool) :
  let s := (if strict then Positive else NonNegative) in
  H |= real_branch a -> H |= (NonNegative, Add l (Num 1 1)) -> H |= (s, minus (at_level l) a) -> H |= (s, minus l (Lam0 a)).
Proof.
  intros s A L B v V. specialize (A v V). specialize (B v V). specialize (L v V). unfold holds, Trees.holds, s in *. simpl in *.
  assert (C : (eval v a) <= (eval v l * exp (eval v l))) by (destruct strict; simpl in B; lra). destruct C as [C|C].
  - assert (W0 (eval v a) < eval v l) by (apply W0_below; trivial; lra). simpl in *. destruct strict; simpl; lra.
  - destruct strict; simpl in *; [lra|]. rewrite (W0_level (eval v a) (eval v l)); lra.
Qed.

Theorem W0_at H a l : H |= (NonNegative, Add l (Num 1 1)) -> H |= (IsZero, minus a (at_level l)) ->
  H |= (IsZero, minus (Lam0 a) l).
Proof.
  intros L B v V. specialize (B v V). specialize (L v V). unfold holds, Trees.holds in *. simpl in *.
  rewrite (W0_level (eval v a) (eval v l)); lra.
Qed.

Theorem Wm1_over (H : list fact) (a l : tree) (strict : bool) :
  let s := (if strict then Positive else NonNegative) in
  H |= real_branch a -> H |= (Positive, Mul (Num (-1) 1) a) -> H |= (NonNegative, Mul (Num (-1) 1) (Add l (Num 1 1))) ->
  H |= (s, minus (at_level l) a) -> H |= (s, minus (Lam1 a) l).
Proof.
  intros s A N L B v V. specialize (A v V). specialize (B v V). specialize (L v V). specialize (N v V).
  unfold holds, Trees.holds, s in *. simpl in *.
  assert (C : (eval v a) <= (eval v l * exp (eval v l))) by (destruct strict; simpl in B; lra). destruct C as [C|C].
  - assert (eval v l < Wm1 (eval v a)) by (apply Wm1_above; trivial; lra). simpl in *. destruct strict; simpl; lra.
  - destruct strict; simpl in *; [lra|]. rewrite (Wm1_level (eval v a) (eval v l)); lra.
Qed.

Theorem Wm1_under (H : list fact) (a l : tree) (strict : bool) :
  let s := (if strict then Positive else NonNegative) in
  H |= real_branch a -> H |= (Positive, Mul (Num (-1) 1) a) -> H |= (s, minus a (at_level l)) -> H |= (s, minus l (Lam1 a)).
Proof.
  intros s A N B v V. specialize (A v V). specialize (B v V). specialize (N v V). unfold holds, Trees.holds, s in *. simpl in *.
  assert (C : (eval v l * exp (eval v l)) <= (eval v a)) by (destruct strict; simpl in B; lra). destruct C as [C|C].
  - assert (Wm1 (eval v a) < eval v l) by (apply Wm1_below; trivial; lra). simpl in *. destruct strict; simpl; lra.
  - destruct strict; simpl in *; [lra|].
    destruct (Rle_or_lt (eval v l) (-1)) as [D|D].
    + rewrite (Wm1_level (eval v a) (eval v l)); lra.
    + destruct (Wm1_spec (eval v a) A); lra.
Qed.

Theorem Wm1_at H a l : H |= (NonNegative, Mul (Num (-1) 1) (Add l (Num 1 1))) -> H |= (IsZero, minus a (at_level l)) ->
  H |= (IsZero, minus (Lam1 a) l).
Proof.
  intros L B v V. specialize (B v V). specialize (L v V). unfold holds, Trees.holds in *. simpl in *.
  rewrite (Wm1_level (eval v a) (eval v l)); lra.
Qed.

Lemma ln_against a l : 0 < a -> (exp l < a -> l < ln a) /\ (a < exp l -> ln a < l).
Proof.
  intros P. split; intros L.
  - rewrite <- (ln_exp l). apply ln_increasing; trivial. apply exp_pos.
  - rewrite <- (ln_exp l). now apply ln_increasing.
Qed.

Theorem log_over (H : list fact) (a l : tree) (strict : bool) :
  let s := (if strict then Positive else NonNegative) in
  H |= (Positive, a) -> H |= (s, minus a (Exp l)) -> H |= (s, minus (Log a) l).
Proof.
  intros s A B v V. specialize (A v V). specialize (B v V). unfold holds, Trees.holds, s in *. simpl in *.
  destruct (ln_against _ (eval v l) A) as [C _]. destruct strict; simpl in *; [assert (eval v l < ln (eval v a)) by (apply C; lra); lra|].
  assert (D : exp (eval v l) <= eval v a) by lra. destruct D as [D|D]; [specialize (C D); lra|].
  rewrite <- D, ln_exp. lra.
Qed.
Theorem log_under (H : list fact) (a l : tree) (strict : bool) :
  let s := (if strict then Positive else NonNegative) in
  H |= (Positive, a) -> H |= (s, minus (Exp l) a) -> H |= (s, minus l (Log a)).
Proof.
  intros s A B v V. specialize (A v V). specialize (B v V). unfold holds, Trees.holds, s in *. simpl in *.
  destruct (ln_against _ (eval v l) A) as [_ C]. destruct strict; simpl in *; [assert (ln (eval v a) < eval v l) by (apply C; lra); lra|].
  assert (D : eval v a <= exp (eval v l)) by lra. destruct D as [D|D]; [specialize (C D); lra|].
  rewrite D, ln_exp. lra.
Qed.
Theorem log_at H a l : H |= (IsZero, minus a (Exp l)) -> H |= (IsZero, minus (Log a) l).
Proof.
  intros B v V. specialize (B v V). unfold holds, Trees.holds in *. simpl in *.
  replace (eval v a) with (exp (eval v l)) by lra. rewrite ln_exp. lra.
Qed.

(** Increasing functions. [monotone F H a b]: F(a) - F(b) has the sign of a - b on H. *)
Definition monotone (H : list fact) (F a b : tree) (Fb : tree) : Prop :=
  forall v, all v H -> (eval v b < eval v a -> eval v Fb < eval v F) /\ (eval v a = eval v b -> eval v F = eval v Fb).

Theorem exp_monotone H a b : monotone H (Exp a) a b (Exp b).
Proof. intros v V. simpl. split; intros E; [now apply exp_increasing|now rewrite E]. Qed.
Theorem log_monotone H a b : H |= (Positive, b) -> monotone H (Log a) a b (Log b).
Proof.
  intros B v V. specialize (B v V). unfold holds, Trees.holds in *. simpl in *.
  split; intros E; [now apply ln_increasing|now rewrite E].
Qed.
Theorem W0_monotone H a b : H |= real_branch b -> monotone H (Lam0 a) a b (Lam0 b).
Proof.
  intros B v V. specialize (B v V). unfold holds, Trees.holds in *. simpl in *.
  split; intros E; [now apply W0_increasing|now rewrite E].
Qed.
(** W-1 decreases: for it, the difference of the arguments is turned. *)
Theorem Wm1_monotone H a b : H |= real_branch a -> H |= (Positive, Mul (Num (-1) 1) b) ->
  monotone H (Lam1 a) b a (Lam1 b).
Proof.
  intros A B v V. specialize (A v V). specialize (B v V). unfold holds, Trees.holds in *. simpl in *.
  split; intros E; [apply Wm1_decreasing; trivial; lra|now rewrite E].
Qed.

Theorem by_monotone H F a b Fb s :
  (s = Positive \/ s = NonNegative \/ s = IsZero) ->
  monotone H F a b Fb -> H |= (s, minus a b) -> H |= (s, minus F Fb).
Proof.
  intros S Mo A v V. specialize (A v V). destruct (Mo v V) as [I E]. unfold holds, Trees.holds in *.
  cbn [fst snd] in *. rewrite eval_minus in *.
  destruct S as [->|[-> | ->]]; simpl in *.
  - assert (eval v Fb < eval v F) by (apply I; lra). lra.
  - assert (D : eval v b <= eval v a) by lra. destruct D as [D|D]; [specialize (I D); lra|].
    symmetry in D. specialize (E D). lra.
  - assert (eval v F = eval v Fb) by (apply E; lra). lra.
Qed.

(** The product of both differences, from the square of that of the arguments. *)
Theorem by_monotone_product (H : list fact) (F a b Fb : tree) (strict : bool) :
  let s := (if strict then Positive else NonNegative) in
  monotone H F a b Fb -> monotone H Fb b a F -> H |= (s, Pow (minus a b) 2) ->
  H |= (s, Mul (minus a b) (minus F Fb)).
Proof.
  intros s Mo Mo' A v V. specialize (A v V). destruct (Mo v V) as [I E]. destruct (Mo' v V) as [I' _].
  unfold holds, Trees.holds, s in *. cbn [fst snd] in *.
  change (eval v (Mul (minus a b) (minus F Fb))) with (eval v (minus a b) * eval v (minus F Fb)).
  change (eval v (Pow (minus a b) 2)) with (eval v (minus a b) ^ 2) in A.
  rewrite !eval_minus in *.
  destruct (Rtotal_order (eval v a) (eval v b)) as [D|[D|D]].
  - specialize (I' D). destruct strict; simpl in *; nra.
  - specialize (E D). rewrite D in *. destruct strict; simpl in *; nra.
  - specialize (I D). destruct strict; simpl in *; nra.
Qed.

(** Substitution. *)
Fixpoint put (pairs : list (tree * tree)) (t : tree) : tree :=
  match find (fun p => same t (fst p)) pairs with
  | Some p => snd p
  | None =>
    match t with
    | Num _ _ | Var _ => t
    | Add a b => Add (put pairs a) (put pairs b)
    | Mul a b => Mul (put pairs a) (put pairs b)
    | Pow a k => Pow (put pairs a) k
    | Exp a => Exp (put pairs a)
    | Log a => Log (put pairs a)
    | Lam0 a => Lam0 (put pairs a)
    | Lam1 a => Lam1 (put pairs a)
    | PairX a c e => PairX (put pairs a) (put pairs c) (put pairs e)
    | PairY a c e => PairY (put pairs a) (put pairs c) (put pairs e)
    | Absolute a => Absolute (put pairs a)
    | Larger a b => Larger (put pairs a) (put pairs b)
    | Smaller a b => Smaller (put pairs a) (put pairs b)
    end
  end.

Lemma put_ok v pairs t : (forall p, In p pairs -> eval v (fst p) = eval v (snd p)) -> eval v (put pairs t) = eval v t.
Proof.
  intros S. induction t; cbn [put];
    match goal with |- context [find ?f pairs] => destruct (find f pairs) as [[x y]|] eqn:E end;
    try (apply find_some in E; destruct E as [I E]; apply same_ok in E; simpl in E; rewrite E;
         symmetry; exact (S _ I));
    simpl; congruence.
Qed.

(** New values for some variables: the value of a formula there is that of the formula with formulas put in. *)
Fixpoint renew (v : nat -> R) (new : list (nat * tree)) (n : nat) : R :=
  match new with
  | [] => v n
  | (k, t) :: new' => if Nat.eqb n k then eval v t else renew v new' n
  end.
Definition as_pairs (new : list (nat * tree)) : list (tree * tree) := map (fun p => (Var (fst p), snd p)) new.

Lemma renew_find v new n :
  renew v new n = match find (fun p => same (Var n) (fst p)) (as_pairs new) with Some p => eval v (snd p) | None => v n end.
Proof. induction new as [|[k t] new IH]; simpl; trivial. destruct (Nat.eqb n k); trivial. Qed.

Lemma no_other new t : (match t with Var _ => False | _ => True end) -> find (fun p => same t (fst p)) (as_pairs new) = None.
Proof. intros N. induction new as [|[k u] new IH]; simpl; trivial. destruct t; simpl; trivial. destruct N. Qed.

Lemma renew_ok v new t : eval (renew v new) t = eval v (put (as_pairs new) t).
Proof.
  induction t; cbn [put]; try (rewrite no_other by exact I; simpl; congruence).
  simpl. rewrite renew_find.
  destruct (find (fun p => match fst p with Var n' => Nat.eqb n n' | _ => false end) (as_pairs new)) as [p|] eqn:E;
    change (find (fun p => same (Var n) (fst p)) (as_pairs new)) with
      (find (fun p => match fst p with Var n' => Nat.eqb n n' | _ => false end) (as_pairs new)); rewrite E; reflexivity.
Qed.

Definition put_fact (new : list (nat * tree)) (f : fact) : fact := (fst f, put (as_pairs new) (snd f)).

(** New coordinates. The facts H' of the new symbols hold where their formulas in the old ones are put in; the parts
    `old` of the formula are, at every old point, the values of formulas in the new symbols. *)
Theorem by_coordinates H H' new old s f f' :
  gives H (map (put_fact new) H') ->
  gives H (map (fun p => (IsZero, minus (fst p) (snd p))) old) ->
  same (put (as_pairs new) f') (put old f) = true ->
  H' |= (s, f') -> H |= (s, f).
Proof.
  intros A B C D v V. apply same_ok in C.
  assert (E : all (renew v new) H').
  { specialize (A v V). clear - A. induction H' as [|[s' g] H' IH]; simpl in *; trivial. destruct A as [A A'].
    split; [|auto]. unfold holds, Trees.holds in *. simpl in *. now rewrite renew_ok. }
  specialize (D _ E). unfold holds, Trees.holds in *. simpl in *. rewrite renew_ok, C in D.
  rewrite put_ok in D; trivial. intros p I. specialize (B v V).
  assert (J := all_in _ _ _ B (in_map (fun p => (IsZero, minus (fst p) (snd p))) _ _ I)).
  unfold holds, Trees.holds in J. cbn [fst snd] in J. rewrite eval_minus in J. simpl in J. lra.
Qed.

(** A formula may be replaced by one that is equal to it where the facts hold. *)
Theorem by_substitution H old s f f' :
  gives H (map (fun p => (IsZero, minus (fst p) (snd p))) old) -> same f' (put old f) = true -> H |= (s, f') -> H |= (s, f).
Proof.
  intros B C D v V. apply same_ok in C. specialize (D v V). subst. unfold holds, Trees.holds in *. simpl in *.
  rewrite put_ok in D; trivial. intros p I. specialize (B v V).
  assert (J := all_in _ _ _ B (in_map (fun p => (IsZero, minus (fst p) (snd p))) _ _ I)).
  unfold holds, Trees.holds in J. cbn [fst snd] in J. rewrite eval_minus in J. simpl in J. lra.
Qed.

Theorem put_in H old s f f' :
  gives H (map (fun p => (IsZero, minus (fst p) (snd p))) old) -> same f' (put old f) = true -> H |= (s, f) -> H |= (s, f').
Proof.
  intros B C D v V. apply same_ok in C. specialize (D v V). subst. unfold holds, Trees.holds in *. simpl in *.
  rewrite put_ok; trivial. intros p I. specialize (B v V).
  assert (J := all_in _ _ _ B (in_map (fun p => (IsZero, minus (fst p) (snd p))) _ _ I)).
  unfold holds, Trees.holds in J. cbn [fst snd] in J. rewrite eval_minus in J. simpl in J. lra.
Qed.

(** Growth: a formula is at least 0 from a low end on, where it is at that end and its derivative is at least 0. *)
Definition set (v : nat -> R) (k : nat) (x : R) (n : nat) : R := if Nat.eqb n k then x else v n.

Fixpoint without (k : nat) (t : tree) : bool :=
  match t with
  | Num _ _ => true
  | Var n => negb (Nat.eqb n k)
  | Add a b | Mul a b | Larger a b | Smaller a b => without k a && without k b
  | Pow a _ | Exp a | Log a | Lam0 a | Lam1 a | Absolute a => without k a
  | PairX a c e | PairY a c e => without k a && without k c && without k e
  end.

Lemma without_ok k t v x : without k t = true -> eval (set v k x) t = eval v t.
Proof.
  induction t; simpl; intros W; repeat rewrite andb_true_iff in W;
    repeat match goal with H : _ /\ _ |- _ => destruct H end;
    repeat match goal with H : ?P -> _, K : ?P |- _ => specialize (H K) end; try congruence.
  unfold set. apply negb_true_iff in W. now rewrite W.
Qed.

Fixpoint slope (k : nat) (t : tree) : tree :=
  match t with
  | Num _ _ => Num 0 1
  | Var n => if Nat.eqb n k then Num 1 1 else Num 0 1
  | Add a b => Add (slope k a) (slope k b)
  | Mul a b => Add (Mul (slope k a) b) (Mul a (slope k b))
  | Pow a n => Mul (Mul (Num n 1) (Pow a (n - 1))) (slope k a)
  | Exp a => Mul (Exp a) (slope k a)
  | Log a => Mul (Pow a (-1)) (slope k a)
  | _ => Num 0 1
  end.

(** Which formulas have that derivative: divisors are not 0, logarithms are real, there is no W and no pair. *)
Fixpoint smooth (k : nat) (G : list fact) (t : tree) : bool :=
  without k t ||
  match t with
  | Num _ _ | Var _ => true
  | Add a b | Mul a b => smooth k G a && smooth k G b
  | Pow a n => smooth k G a && (Z.leb 0 n || known_fact G NonZero a || known_fact G Positive a)
  | Exp a => smooth k G a
  | Log a => smooth k G a && known_fact G Positive a
  | _ => false
  end.

Lemma power_derivable x n : (0 <= n)%Z \/ x <> 0 -> derivable_pt_lim (fun y => power y n) x (IZR n * power x (n - 1)).
Proof.
  intros H. destruct n as [|p|p].
  - simpl. rewrite Rmult_0_l. apply derivable_pt_lim_const.
  - assert (E : IZR (Zpos p) * power x (Zpos p - 1) = INR (Pos.to_nat p) * x ^ pred (Pos.to_nat p)).
    { rewrite INR_IPR. f_equal. destruct (Pos.eq_dec p 1) as [->|N]; [reflexivity|].
      replace (Zpos p - 1)%Z with (Zpos (Pos.pred p)) by lia. simpl. f_equal. lia. }
    rewrite E. apply derivable_pt_lim_pow.
  - destruct H as [H|H]; [lia|].
    set (m := Pos.to_nat p).
    assert (E : IZR (Zneg p) * power x (Zneg p - 1) = (0 * x ^ m - (INR m * x ^ pred m) * 1) / Rsqr (x ^ m)).
    { replace (Zneg p - 1)%Z with (Zneg (p + 1)) by lia. rewrite power_neg, pow_inv, Pos2Nat.inj_add. fold m.
      change (IZR (Zneg p)) with (- IPR p). rewrite <- INR_IPR. fold m.
      assert (m <> 0)%nat by (unfold m; lia). destruct m as [|m']; [lia|]. simpl pred.
      replace (S m' + Pos.to_nat 1)%nat with (S (S m')) by lia. unfold Rsqr.
      assert (x ^ m' <> 0) by now apply pow_nonzero. simpl pow. field. auto. }
    rewrite E.
    apply (derivable_pt_lim_ext (fun y => 1 / y ^ m)) with (1 := fun y => eq_sym (eq_trans (power_neg y p) (eq_trans (pow_inv y m) (eq_sym (Rmult_1_l (/ y ^ m)))))).
    apply (derivable_pt_lim_div (fun _ => 1) (fun y => y ^ m)).
    + apply derivable_pt_lim_const.
    + apply derivable_pt_lim_pow.
    + now apply pow_nonzero.
Qed.

Lemma slope_without k t v : without k t = true -> eval v (slope k t) = 0.
Proof.
  induction t; simpl; intros W; repeat rewrite andb_true_iff in W;
    repeat match goal with H : _ /\ _ |- _ => destruct H end;
    repeat match goal with H : ?P -> _, K : ?P |- _ => specialize (H K) end; trivial;
    try (rewrite ?IHt, ?IHt1, ?IHt2; ring).
  apply negb_true_iff in W. now rewrite W.
Qed.

Lemma slope_ok k G t v x : smooth k G t = true -> Forall (holds (set v k x)) G ->
  derivable_pt_lim (fun y => eval (set v k y) t) x (eval (set v k x) (slope k t)).
Proof.
  intros S F. revert S. induction t; intros S;
    match type of S with smooth k G ?t = true => destruct (without k t) eqn:W end;
    try (rewrite slope_without by exact W;
         eapply derivable_pt_lim_ext; [intros y; symmetry; apply without_ok, W|apply derivable_pt_lim_const]);
    simpl in S, W; rewrite ?W in S; simpl in S; try discriminate;
    try (apply andb_true_iff in S; destruct S as [S1 S2]).
  - simpl. unfold set. apply negb_false_iff in W. rewrite W. simpl. apply derivable_pt_lim_id.
  - simpl. apply (derivable_pt_lim_plus (fun y => eval (set v k y) t1) (fun y => eval (set v k y) t2)); auto.
  - simpl. apply (derivable_pt_lim_mult (fun y => eval (set v k y) t1) (fun y => eval (set v k y) t2)); auto.
  - change (eval (set v k x) (slope k (Pow t k0))) with
      (IZR k0 * power (eval (set v k x) t) (k0 - 1) * eval (set v k x) (slope k t)).
    apply (derivable_pt_lim_comp (fun y => eval (set v k y) t) (fun z => power z k0)); [now apply IHt|].
    apply power_derivable. apply orb_true_iff in S2. destruct S2 as [S2|S2].
    + apply orb_true_iff in S2. destruct S2 as [S2|S2].
      * left. now apply Z.leb_le.
      * right. exact (known_fact_ok M _ _ _ _ F S2).
    + right. assert (P := known_fact_ok M _ _ _ _ F S2). simpl in P. lra.
  - simpl. apply (derivable_pt_lim_comp (fun y => eval (set v k y) t) exp); [now apply IHt|]. apply derivable_pt_lim_exp.
  - simpl. apply (derivable_pt_lim_comp (fun y => eval (set v k y) t) ln); [now apply IHt|].
    apply derivable_pt_lim_ln. exact (known_fact_ok M _ _ _ _ F S2).
Qed.

(** Which facts hold from the low end up to the given point (`inner`: strictly between). *)
Definition is_low (k : nat) (low : tree) (inner : bool) (g : fact) : bool :=
  same (snd g) (minus (Var k) low) &&
  match fst g with NonNegative => true | Positive => inner | _ => false end.
Definition is_high (k : nat) (H : list fact) (inner : bool) (g : fact) : bool :=
  match snd g with
  | Add h (Mul (Num (-1) xH) (Var n)) =>
    Nat.eqb n k && without k h &&
    match fst g with
    | NonNegative => listed H (NonNegative, snd g) || listed H (Positive, snd g)
    | Positive => listed H (Positive, snd g) || (inner && listed H (NonNegative, snd g))
    | _ => false
    end
  | _ => false
  end.
Definition lifted (k : nat) (low : tree) (H : list fact) (inner : bool) (g : fact) : bool :=
  (without k (snd g) && listed H g) || is_low k low inner g || is_high k H inner g.

Lemma set_same v k x : set v k x k = x.
Proof. unfold set. now rewrite Nat.eqb_refl. Qed.

Lemma lifted_ok k low H inner g v y : without k low = true -> all v H -> lifted k low H inner g = true ->
  (if inner then eval v low < y < v k else eval v low <= y <= v k) -> holds (set v k y) g.
Proof.
  intros W V L B. unfold lifted in L. apply orb_true_iff in L. destruct L as [L|L].
  { apply orb_true_iff in L. destruct L as [L|L].
    - apply andb_true_iff in L. destruct L as [A L]. assert (K := listed_ok _ _ L v V).
      unfold holds, Trees.holds in *. now rewrite without_ok.
    - unfold is_low in L. apply andb_true_iff in L. destruct L as [A L]. apply same_ok in A.
      unfold Trees.holds. rewrite A, eval_minus. rewrite (without_ok k low v y W).
      replace (eval (set v k y) (Var k)) with y by (simpl; now rewrite set_same).
      destruct (fst g), inner; try discriminate; simpl; lra. }
  unfold is_high in L. destruct g as [s t]. cbn [fst snd] in L.
  destruct t as [| |h t| | | | | | | | | | |]; try discriminate.
  destruct t as [| | |m t| | | | | | | | | |]; try discriminate.
  destruct m as [p q| | | | | | | | | | | | |]; try discriminate.
  destruct p as [|p|p]; try discriminate. destruct p; try discriminate. destruct q; try discriminate.
  destruct t as [|n| | | | | | | | | | | |]; try discriminate.
  apply andb_true_iff in L. destruct L as [L K]. apply andb_true_iff in L. destruct L as [N L].
  apply Nat.eqb_eq in N. subst n. unfold Trees.holds. cbn [fst snd].
  assert (E : forall z, eval (set v k z) (Add h (Mul (Num (-1) 1) (Var k))) = eval v h - z).
  { intros z. simpl. rewrite set_same, without_ok by exact L. ring. }
  assert (P : forall s, listed H (s, Add h (Mul (Num (-1) 1) (Var k))) = true -> is s (eval v h - v k)).
  { intros s' Q. apply listed_ok in Q. specialize (Q v V). unfold Trees.holds in Q. simpl in Q.
    replace (eval v h - v k) with (eval v h + -1 * v k) by ring. exact Q. }
  rewrite E. destruct s; try discriminate; apply orb_true_iff in K; destruct K as [K|K].
  - apply P in K. simpl in *. destruct inner; lra.
  - apply andb_true_iff in K. destruct K as [I K]. subst inner. apply P in K. simpl in *. lra.
  - apply P in K. simpl in *. destruct inner; lra.
  - apply P in K. simpl in *. destruct inner; lra.
Qed.

Lemma mean_value k low f Hin Hcl G H v : without k low = true -> all v H -> eval v low < v k ->
  forallb (lifted k low H true) Hin = true -> forallb (lifted k low H false) Hcl = true ->
  gives Hcl G -> smooth k G f = true ->
  exists y, all (set v k y) Hin /\
    eval v f - eval v (put [(Var k, low)] f) = eval (set v k y) (slope k f) * (v k - eval v low).
Proof.
  intros W V L I C A S.
  destruct (MVT_cor2 (fun y => eval (set v k y) f) (fun y => eval (set v k y) (slope k f)) (eval v low) (v k) L)
    as [y [E B]].
  - intros y B. apply slope_ok with (G := G); trivial. apply all_Forall, A, all_intro. intros g Ig.
    rewrite forallb_forall in C. exact (lifted_ok k low H false g v y W V (C g Ig) B).
  - exists y. split.
    + apply all_intro. intros g Ig. rewrite forallb_forall in I. exact (lifted_ok k low H true g v y W V (I g Ig) B).
    + rewrite <- E. f_equal.
      * assert (X : forall t, eval (set v k (v k)) t = eval v t); [|now rewrite X].
        assert (Y : forall n, set v k (v k) n = v n).
        { intros n. unfold set. destruct (Nat.eqb_spec n k); congruence. }
        induction t; simpl; congruence.
      * change (put [(Var k, low)] f) with (put (as_pairs [(k, low)]) f). rewrite <- renew_ok.
        assert (Y : forall n, renew v [(k, low)] n = set v k (eval v low) n) by reflexivity.
        revert Y. generalize (renew v [(k, low)]), (set v k (eval v low)). intros r1 r2 Y. clear - Y. induction f; simpl; congruence.
Qed.

Theorem by_growth H k low f Hin Hcl G s :
  s = Positive \/ s = NonNegative -> without k low = true ->
  forallb (lifted k low H true) Hin = true -> forallb (lifted k low H false) Hcl = true ->
  gives Hcl G -> smooth k G f = true ->
  H |= (NonNegative, minus (Var k) low) -> H |= (s, put [(Var k, low)] f) -> Hin |= (NonNegative, slope k f) ->
  H |= (s, f).
Proof.
  intros Sg W I C A S R B D v V. specialize (B v V). specialize (R v V).
  unfold Trees.holds in *. cbn [fst snd] in *. rewrite eval_minus in R. simpl in R.
  destruct (Rle_lt_or_eq_dec (eval v low) (v k) ltac:(lra)) as [L|L].
  - destruct (mean_value k low f Hin Hcl G H v W V L I C A S) as [y [Y E]].
    specialize (D _ Y). unfold Trees.holds in D. simpl in D.
    assert (0 <= eval (set v k y) (slope k f) * (v k - eval v low)) by (apply Rmult_le_pos; lra).
    destruct Sg; subst s; simpl in *; lra.
  - rewrite put_ok in B; trivial. intros p [<-|[]]. simpl. auto.
Qed.

Theorem by_strict_growth H k low f Hin Hcl G :
  without k low = true ->
  forallb (lifted k low H true) Hin = true -> forallb (lifted k low H false) Hcl = true ->
  gives Hcl G -> smooth k G f = true ->
  H |= (Positive, minus (Var k) low) -> H |= (NonNegative, put [(Var k, low)] f) -> Hin |= (Positive, slope k f) ->
  H |= (Positive, f).
Proof.
  intros W I C A S R B D v V. specialize (B v V). specialize (R v V).
  unfold Trees.holds in *. cbn [fst snd] in *. rewrite eval_minus in R. simpl in R.
  assert (L : eval v low < v k) by lra.
  destruct (mean_value k low f Hin Hcl G H v W V L I C A S) as [y [Y E]].
  specialize (D _ Y). unfold Trees.holds in D. simpl in D.
  assert (0 < eval (set v k y) (slope k f) * (v k - eval v low)) by (apply Rmult_lt_0_compat; lra).
  simpl in *. lra.
Qed.

(** The correlated pair: what is known of a local minimum (x, y) of a·e^{-x} + c·e^{-y} + |w|²/2 for x = w_i + e·w_j and
    y = e·w_i + w_j: both first derivatives are 0, the determinant of the second ones is not negative. That there is such a
    point is proved in Pair.v. *)
Definition pair_minimum (a c e x y : R) : Prop :=
  let r := a * exp (-1 * x) in
  let s := c * exp (-1 * y) in
  (1 + e ^ 2) * r + 2 * e * s = x /\ 2 * e * r + (1 + e ^ 2) * s = y /\
  0 <= (1 + (1 + e ^ 2) * r) * (1 + (1 + e ^ 2) * s) - (2 * e) ^ 2 * r * s.
Definition pair_minima : Prop := forall a c e, 0 <= e -> 0 < a -> 0 < 1 + exp 1 * (1 + e ^ 2) * c ->
  pair_minimum a c e (pair_x M a c e) (pair_y M a c e).

Definition own (e : tree) : tree := Add (Num 1 1) (Pow e 2).
Definition cross (e : tree) : tree := Mul (Num 2 1) e.
Definition pull (k x : tree) : tree := Mul k (Exp (Mul (Num (-1) 1) x)).
Definition pair_real (c e : tree) : fact := (Positive, Add (Num 1 1) (Mul (Mul (Exp (Num 1 1)) (own e)) c)).

Theorem X_equation H a c e : pair_minima -> H |= (NonNegative, e) -> H |= (Positive, a) -> H |= pair_real c e ->
  H |= (IsZero, minus (Add (Mul (own e) (pull a (PairX a c e))) (Mul (cross e) (pull c (PairY a c e)))) (PairX a c e)).
Proof.
  intros P Z A B v V. specialize (Z v V). specialize (A v V). specialize (B v V). unfold holds, Trees.holds in *. simpl in *.
  destruct (P _ (eval v c) (eval v e) Z A) as [E _]; simpl in *; lra.
Qed.
Theorem Y_equation H a c e : pair_minima -> H |= (NonNegative, e) -> H |= (Positive, a) -> H |= pair_real c e ->
  H |= (IsZero, minus (Add (Mul (cross e) (pull a (PairX a c e))) (Mul (own e) (pull c (PairY a c e)))) (PairY a c e)).
Proof.
  intros P Z A B v V. specialize (Z v V). specialize (A v V). specialize (B v V). unfold holds, Trees.holds in *. simpl in *.
  destruct (P _ (eval v c) (eval v e) Z A) as [_ [E _]]; simpl in *; lra.
Qed.
Theorem curvature_at_minimum H a c e : pair_minima -> H |= (NonNegative, e) -> H |= (Positive, a) -> H |= pair_real c e ->
  H |= (NonNegative,
    minus (Mul (Add (Num 1 1) (Mul (own e) (pull a (PairX a c e)))) (Add (Num 1 1) (Mul (own e) (pull c (PairY a c e)))))
          (Mul (Mul (Pow (cross e) 2) (pull a (PairX a c e))) (pull c (PairY a c e)))).
Proof.
  intros P Z A B v V. specialize (Z v V). specialize (A v V). specialize (B v V). unfold holds, Trees.holds in *. simpl in *.
  destruct (P _ (eval v c) (eval v e) Z A) as [_ [_ E]]; simpl in *; lra.
Qed.
End Rules.

(** ** From facts to what is written: variables have the values of a list, 0 beyond its end. *)
Definition at_values (l : list R) (n : nat) : R := nth n l 0.
Definition no_pair : pair_point := {| pair_x := fun _ _ _ => 0; pair_y := fun _ _ _ => 0 |}.

Lemma fact_less a b : a < b -> 0 < b + -1 * a. Proof. lra. Qed.
Lemma fact_at_most a b : a <= b -> 0 <= b + -1 * a. Proof. lra. Qed.
Lemma less_fact a b : 0 < b + -1 * a -> a < b. Proof. lra. Qed.
Lemma at_most_fact a b : 0 <= b + -1 * a -> a <= b. Proof. lra. Qed.
Lemma more_fact a b : 0 < a + -1 * b -> a > b. Proof. lra. Qed.
Lemma at_least_fact a b : 0 <= a + -1 * b -> a >= b. Proof. lra. Qed.
Lemma equal_fact a b : a + -1 * b = 0 -> a = b. Proof. lra. Qed.

(** What refutes a relation: less_no is for a < b, and so on. *)
Lemma less_no a b : 0 <= a + -1 * b -> ~ a < b. Proof. lra. Qed.
Lemma at_most_no a b : 0 < a + -1 * b -> ~ a <= b. Proof. lra. Qed.
Lemma more_no a b : 0 <= b + -1 * a -> ~ a > b. Proof. lra. Qed.
Lemma at_least_no a b : 0 < b + -1 * a -> ~ a >= b. Proof. lra. Qed.
Lemma equal_no a b : a + -1 * b <> 0 -> ~ a = b. Proof. lra. Qed.
Lemma undefined_nonnegative a : 0 < -1 * a -> ~ 0 <= a. Proof. lra. Qed.
Lemma undefined_positive a : 0 <= -1 * a -> ~ 0 < a. Proof. lra. Qed.
