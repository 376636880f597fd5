(* Trees, as byzverify/language/gathering.py defines them, and the induction over their paths.

   This text is the same for all protocols. It is about any rule and any sizes; what it asks of them is proved below for
   those of one protocol. *)

From Coq Require Import Arith Bool List Permutation Lia.
Import ListNotations.
Set Implicit Arguments.

(* Generals are the numbers below n. A path is written from its end: [5; 2; 0] is the path (0, 2, 5), for what general 5
   says that general 2 told him that general 0 said. *)
Definition path := list nat.

Section Trees.

Variable order : Set.
Variable same : forall one other : order, {one = other} + {one <> other}.

(* In a closed tree a general counts himself among those who relay, and tells everyone everything. In an open tree he is
   on none of his own paths. *)
Variable closed : bool.
Variable n : nat.

(* A run: who is a traitor, what each general starts with, and what a traitor tells a general along each path. *)
Variable traitor : nat -> bool.
Variable start : nat -> order.
Variable lie : nat -> path -> order.

(* The value of a path, from what a general was told along it and the values of the paths that extend it by one. *)
Variable rule : order -> list order -> order.

Definition generals : list nat := seq 0 n.

Definition others (excluded : path) : list nat :=
  filter (fun j => negb (existsb (Nat.eqb j) excluded)) generals.

(* What a general is told along a path. The last general on the path relays what he was told along the path without him,
   the first one what he starts with; a traitor says what he likes. *)
Fixpoint told (me : nat) (p : path) : order :=
  match p with
  | [] => start me
  | j :: rest => if traitor j then lie me p else told j rest
  end.

(* The generals who can extend a path. *)
Definition after (me : nat) (p : path) : list nat := others (if closed then p else me :: p).

(* What a general makes of a path that has so many levels of the tree below it. *)
Fixpoint resolved (below : nat) (me : nat) (p : path) : order :=
  match below with
  | 0 => told me p
  | S less => rule (told me p) (map (fun j => resolved less me (j :: p)) (after me p))
  end.

(* What a general makes of a root, in a tree of so many levels. *)
Definition at_root (levels me root : nat) : order := resolved (levels - 1) me [root].

Definition traitors (group : list nat) : list nat := filter traitor group.

(* So many levels, at most t traitors, and only these words are said. *)
Variable levels t : nat.
Variable words : list order.

Definition possible : Prop :=
  length (traitors generals) <= t /\ (forall j, In (start j) words) /\ (forall me p, In (lie me p) words).

(* A loyal general who makes something of this path. In an open tree the generals on it do not. *)
Definition resolves (me : nat) (p : path) : Prop :=
  me < n /\ traitor me = false /\ (closed = false -> ~ In me p).

(* What the induction asks of the rule. *)

(* It matters only how often each value occurs. *)
Definition counts_values : Prop :=
  forall said values others, Permutation values others -> rule said values = rule said others.

(* (1) If a path ends with a loyal general, what he says is the value: all paths that extend it have this value, but for
   those that end with one of up to t traitors. *)
Definition keeps_what_is_said : Prop :=
  forall said values k, In said words -> 1 <= k < levels ->
  length values + k + (if closed then 0 else 1) = n -> length values <= count_occ same values said + t ->
  rule said values = said.

(* (2) At a path of traitors alone, two generals come to one value. They were told different things along it. In an open
   tree each has what the other was told among the values of the paths that extend it. *)
Definition makes_one_value : Prop :=
  forall one other values k, In one words -> In other words -> 1 <= k < levels -> k <= t -> k + 2 <= n ->
  if closed
  then length values + k = n -> rule one values = rule other values
  else length values + k + 2 = n -> rule one (other :: values) = rule other (one :: values).

(* Facts about lists. *)

Lemma in_others : forall j excluded, In j (others excluded) <-> j < n /\ ~ In j excluded.
Proof.
  intros j excluded. unfold others, generals.
  rewrite filter_In, in_seq, negb_true_iff, <- not_true_iff_false, existsb_exists.
  split; intros [inside off]; (split; [lia|]).
  - intros member. apply off. exists j. split; [assumption | apply Nat.eqb_refl].
  - intros [i [member equal]]. apply Nat.eqb_eq in equal. subst i. contradiction.
Qed.

Lemma others_differ : forall excluded, NoDup (others excluded).
Proof. intros. apply NoDup_filter, seq_NoDup. Qed.

Lemma length_filters : forall (f : nat -> bool) l,
  length (filter (fun j => negb (f j)) l) + length (filter f l) = length l.
Proof. induction l as [|j l IH]; [reflexivity|]. cbn. destruct (f j); cbn; lia. Qed.

Lemma length_others : forall excluded, NoDup excluded -> (forall j, In j excluded -> j < n) ->
  length (others excluded) + length excluded = n.
Proof.
  intros excluded differ inside.
  assert (found : Permutation (filter (fun j => existsb (Nat.eqb j) excluded) generals) excluded).
  { apply NoDup_Permutation; [apply NoDup_filter, seq_NoDup | assumption |].
    intros j. unfold generals. rewrite filter_In, in_seq, existsb_exists. split.
    - intros [_ [i [member equal]]]. apply Nat.eqb_eq in equal. subst i. assumption.
    - intros member. split; [apply inside in member; lia|]. exists j. split; [assumption | apply Nat.eqb_refl]. }
  apply Permutation_length in found. rewrite <- found. unfold others.
  rewrite length_filters. apply seq_length.
Qed.

Lemma traitors_among_others : forall excluded, length (traitors (others excluded)) <= length (traitors generals).
Proof.
  intros. unfold traitors, others. induction generals as [|j l IH]; [reflexivity|]. cbn.
  destruct (existsb _ _); cbn; destruct (traitor j); cbn; lia.
Qed.

Lemma all_but_traitors : forall (f : nat -> order) said l, (forall j, In j l -> traitor j = false -> f j = said) ->
  length (map f l) <= count_occ same (map f l) said + length (traitors l).
Proof.
  intros f said l loyal. unfold traitors. induction l as [|j l IH]; [reflexivity|]. cbn.
  assert (rest : length (map f l) <= count_occ same (map f l) said + length (filter traitor l))
    by (apply IH; intros; apply loyal; [right|]; assumption).
  destruct (traitor j) eqn:lies; cbn; destruct (same (f j) said) as [_|differs]; try lia.
  exfalso. apply differs, loyal; [left; reflexivity | assumption].
Qed.

(* The induction. *)

Hypothesis run : possible.
Hypothesis counting : counts_values.
Hypothesis keeping : keeps_what_is_said.
Hypothesis making : makes_one_value.

(* (3) A path of traitors alone is no leaf. *)
Hypothesis deep : t < levels.

Definition in_tree (p : path) : Prop := NoDup p /\ (forall j, In j p -> j < n).

Lemma one_longer : forall j p, in_tree p -> j < n -> ~ In j p -> in_tree (j :: p).
Proof.
  intros j p [differ inside] here off. split; [constructor; assumption|].
  intros i [<-|member]; [assumption | apply inside; assumption].
Qed.

Lemma in_after : forall j me p, In j (after me p) -> j < n /\ ~ In j p /\ (closed = false -> j <> me).
Proof.
  intros j me p member. unfold after in member. apply in_others in member. destruct member as [inside off].
  destruct closed; (split; [assumption | split]).
  - assumption.
  - discriminate.
  - intros on. apply off. right. assumption.
  - intros _ equal. apply off. left. symmetry. assumption.
Qed.

Lemma resolves_after : forall j me p, resolves me p -> In j (after me p) -> resolves me (j :: p).
Proof.
  intros j me p (inside & loyal & off) member. apply in_after in member. destruct member as (_ & _ & differ).
  repeat split; [assumption | assumption |].
  intros opened [equal|on]; [apply differ | apply off]; assumption.
Qed.

Lemma length_after : forall me p, in_tree p -> resolves me p ->
  length (after me p) + length p + (if closed then 0 else 1) = n.
Proof.
  intros me p [differ within] (inside & _ & off). unfold after. destruct closed.
  - pose proof (length_others differ within). lia.
  - assert (all : length (others (me :: p)) + length (me :: p) = n).
    { apply length_others; [constructor; auto|]. intros j [<-|member]; auto. }
    cbn in all. lia.
Qed.

Lemma told_words : forall p me, In (told me p) words.
Proof.
  destruct run as (_ & starts & lies). induction p as [|j p IH]; intros me; cbn; [apply starts|].
  destruct (traitor j); [apply lies | apply IH].
Qed.

Lemma told_by_loyal : forall j me p, traitor j = false -> told me (j :: p) = told j p.
Proof. intros j me p loyal. cbn. rewrite loyal. reflexivity. Qed.

(* (1) *)
Lemma ends_loyal : forall below me j p, length (j :: p) + below = levels ->
  in_tree (j :: p) -> resolves me (j :: p) -> traitor j = false ->
  resolved below me (j :: p) = told j p.
Proof.
  induction below as [|below IH]; intros me j p long inside reads loyal.
  - apply told_by_loyal. assumption.
  - cbn [resolved]. rewrite told_by_loyal by assumption.
    apply keeping with (k := length (j :: p)).
    + apply told_words.
    + cbn in *. lia.
    + rewrite map_length. apply length_after; assumption.
    + eapply Nat.le_trans; [apply all_but_traitors with (said := told j p)|].
      * intros i member loyal_too. destruct (in_after _ _ _ member) as (within & off & _). rewrite IH.
        -- apply told_by_loyal. assumption.
        -- cbn in *. lia.
        -- apply one_longer; assumption.
        -- apply resolves_after; assumption.
        -- assumption.
      * apply Nat.add_le_mono_l. eapply Nat.le_trans; [apply traitors_among_others | apply run].
Qed.

Lemma short : forall p, in_tree p -> (forall j, In j p -> traitor j = true) -> length p <= t.
Proof.
  intros p [differ inside] lies. eapply Nat.le_trans; [|apply run].
  apply NoDup_incl_length; [assumption|]. intros j member. apply filter_In. split; [|auto].
  apply in_seq. specialize (inside j member). lia.
Qed.

(* In an open tree, what extends a path for one general: another general, and what extends it for both. *)
Lemma after_and_other : closed = false -> forall me you p, resolves you p -> me <> you ->
  Permutation (after me p) (you :: others (me :: you :: p)).
Proof.
  intros opened me you p (inside & _ & off) differ. unfold after. rewrite opened.
  apply NoDup_Permutation.
  - apply others_differ.
  - constructor; [|apply others_differ]. rewrite in_others. cbn. tauto.
  - intros j. cbn [In]. rewrite !in_others. cbn [In]. destruct (Nat.eq_dec you j) as [<-|other].
    + intuition.
    + tauto.
Qed.

Lemma others_swapped : forall me you p, others (me :: you :: p) = others (you :: me :: p).
Proof.
  intros. apply filter_ext. intros j. cbn. destruct (j =? me), (j =? you); reflexivity.
Qed.

(* (2) *)
Lemma of_traitors : forall below me you p, length p + below = levels -> 1 <= length p ->
  in_tree p -> resolves me p -> resolves you p -> (forall j, In j p -> traitor j = true) ->
  resolved below me p = resolved below you p.
Proof.
  induction below as [|below IH]; intros me you p long some inside reads reads_too lies;
    pose proof (short inside lies) as few; [lia|].
  destruct (Nat.eq_dec me you) as [<-|differ]; [reflexivity|].
  assert (alike : forall j, In j (after me p) -> In j (after you p) ->
    resolved below me (j :: p) = resolved below you (j :: p)).
  { intros j mine yours. destruct (in_after _ _ _ mine) as (within & off & _).
    assert (longer : length (j :: p) + below = levels) by (cbn; lia).
    destruct (traitor j) eqn:lies_too.
    - apply IH; try assumption.
      + cbn. lia.
      + apply one_longer; assumption.
      + apply resolves_after; assumption.
      + apply resolves_after; assumption.
      + intros i [<-|member]; auto.
    - rewrite !ends_loyal; try assumption; try reflexivity;
        solve [apply one_longer; assumption | apply resolves_after; assumption]. }
  pose proof (length_after inside reads) as mine.
  assert (two : length p + 2 <= n).
  { assert (both : length (me :: you :: p) <= length generals).
    { apply NoDup_incl_length.
      - destruct inside as [apart _]. destruct reads as (_ & loyal & _), reads_too as (_ & loyal_too & _).
        constructor; [|constructor; [|assumption]]; intros member.
        + destruct member as [equal|member]; [congruence|]. apply lies in member. congruence.
        + apply lies in member. congruence.
      - intros j member. apply in_seq. destruct inside as [_ within], reads as [here _], reads_too as [there _].
        destruct member as [<-|[<-|member]]; [lia | lia | specialize (within j member); lia]. }
    unfold generals in both. rewrite seq_length in both. cbn in both. lia. }
  cbn [resolved]. pose proof (fun one other values => @making one other values (length p)) as make. destruct closed eqn:kind.
  - rewrite (map_ext_in (fun j => resolved below you (j :: p)) (fun j => resolved below me (j :: p))).
    + unfold after in *. rewrite kind in *.
      apply make; try apply told_words; try lia. rewrite map_length. lia.
    + intros j member. symmetry. unfold after in *. rewrite kind in *. apply alike; assumption.
  - set (values := map (fun j => resolved below me (j :: p)) (others (me :: you :: p))).
    assert (loyal_me : traitor me = false) by apply reads.
    assert (loyal_you : traitor you = false) by apply reads_too.
    pose proof (after_and_other kind reads_too differ) as split_me.
    pose proof (after_and_other kind reads (not_eq_sym differ)) as split_you.
    assert (my_values : Permutation (map (fun j => resolved below me (j :: p)) (after me p)) (told you p :: values)).
    { apply (Permutation_map (fun j => resolved below me (j :: p))) in split_me. cbn [map] in split_me.
      rewrite ends_loyal in split_me; try assumption.
      - cbn. lia.
      - apply one_longer; [assumption | apply reads_too | apply reads_too; assumption].
      - apply resolves_after; [assumption|]. unfold after. rewrite kind. apply in_others.
        split; [apply reads_too|]. intros [equal|on]; [congruence | apply reads_too in on; assumption]. }
    assert (your_values : Permutation (map (fun j => resolved below you (j :: p)) (after you p)) (told me p :: values)).
    { apply (Permutation_map (fun j => resolved below you (j :: p))) in split_you. cbn [map] in split_you.
      rewrite ends_loyal in split_you; try assumption.
      - unfold values. rewrite others_swapped.
        rewrite (map_ext_in (fun j => resolved below me (j :: p)) (fun j => resolved below you (j :: p))); [assumption|].
        intros j member. apply in_others in member. cbn in member.
        apply alike; unfold after; rewrite kind; apply in_others; cbn; tauto.
      - cbn. lia.
      - apply one_longer; [assumption | apply reads | apply reads; assumption].
      - apply resolves_after; [assumption|]. unfold after. rewrite kind. apply in_others.
        split; [apply reads|]. intros [equal|on]; [congruence | apply reads in on; assumption]. }
    rewrite (counting _ my_values), (counting _ your_values).
    apply make; try apply told_words; try lia.
    apply Permutation_length in my_values. rewrite map_length in my_values. cbn in my_values. lia.
Qed.

(* What follows for a root. *)

Theorem loyal_root : forall root me, root < n -> resolves me [root] -> traitor root = false ->
  at_root levels me root = start root.
Proof.
  intros root me inside reads loyal. apply ends_loyal; try assumption.
  - cbn. lia.
  - split; [repeat constructor; intros [] | intros j [<-|[]]; assumption].
Qed.

Theorem any_root : forall root me you, root < n -> resolves me [root] -> resolves you [root] ->
  at_root levels me root = at_root levels you root.
Proof.
  intros root me you inside reads reads_too. destruct (traitor root) eqn:lies.
  - apply of_traitors; try assumption.
    + cbn. lia.
    + cbn. lia.
    + split; [repeat constructor; intros [] | intros j [<-|[]]; assumption].
    + intros j [<-|[]]. assumption.
  - rewrite !loyal_root by assumption. reflexivity.
Qed.

End Trees.

(* How what the induction asks is proved for one rule: by cases for the words, then for the comparisons of sums in the
   rule, the inner ones first; what is left is linear arithmetic. *)

Ltac is_plain sum := lazymatch sum with context [if _ then _ else _] => fail | _ => idtac end.

Ltac by_cases :=
  cbn [count_occ];
  repeat match goal with
  | |- context [if ?decision then _ else _] =>
    lazymatch type of decision with {_} + {_} => destruct decision; try congruence end
  | |- context [?one <=? ?other] =>
    is_plain one; is_plain other;
    destruct (Nat.leb_spec one other); cbn [andb orb negb]; try (exfalso; lia)
  end;
  first [reflexivity | exfalso; lia].

Ltac never_said := exfalso; repeat match goal with said : In _ _ |- _ => cbn in said; intuition discriminate end.
