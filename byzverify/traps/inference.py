"""The kind of value that an expression has, as far as the source tells.

The law of this file: if the source leaves any doubt, the kind is None, so that no trap is reported where there is none.
The meaning of names is left to scopes.
"""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod

from byzverify.traps.kinds import EMPTY, HIDDEN, Basic, Kind, Many, Table, agreed, element

LANGUAGE = "byzverify.language"

CONSTANTS: dict[str, Kind] = {
    **{f"{LANGUAGE}.{name}": Basic.WORD for name in ("ATTACK", "RETREAT", "ABSENT", "FAULTY")},
    **{f"{LANGUAGE}.{name}": Basic.TRUTH for name in ("TRUE", "FALSE")},
}

CALLS: dict[str, Kind] = {
    "count": Basic.COUNT,
    "how_many": Basic.COUNT,
    "majority": Basic.ORDER,
    "plurality": Basic.ORDER,
    "all_of": Basic.TRUTH,
    "any_of": Basic.TRUTH,
    "same": Basic.TRUTH,
    "Tree": Basic.TREE,
    **dict.fromkeys(("float", "Decimal", "Fraction"), Basic.FRACTION),
}
"""The kind of the result of functions of the language and of Python."""

SAME_SEQUENCE = {"list", "tuple", "reversed", "iter", "filter"}
"""Built-in functions whose result has the same members as their argument."""

SET_METHODS = {"union", "intersection", "difference", "symmetric_difference"}


class Expressions(ABC):
    """The kinds of expressions in one place of the source."""

    @abstractmethod
    def called(self, function: ast.expr) -> str:
        """The name of the function that is called, if it is a known one of the language or of Python; else ""."""

    @abstractmethod
    def origin(self, node: ast.expr) -> str:
        """The full name of something imported, or of an attribute of it, such as `random.choice`; else ""."""

    @abstractmethod
    def kind_of_name(self, name: str) -> Kind:
        """The kind of the value that a name stands for."""

    @abstractmethod
    def kind_of_own(self, attribute: str) -> Kind:
        """The kind of an attribute of the protocol, by its annotation or its value in the class."""

    def kind(self, node: ast.expr | None) -> Kind:
        """The kind of an expression's value."""
        match node:
            case ast.Name():
                return self.kind_of_name(node.id)
            case ast.Constant(value=float()):
                return Basic.FRACTION
            case ast.Yield():
                return Basic.INBOX
            case ast.NamedExpr():
                return self.kind(node.value)
            case ast.Attribute():
                return self._kind_of_attribute(node)
            case ast.Subscript():
                return self._kind_of_part(node)
            case ast.Call():
                return self._kind_of_call(node)
            case ast.Compare():
                return self._kind_of_comparison(node)
            case ast.BinOp():
                return self._kind_of_operation(node)
            case ast.UnaryOp(op=ast.Invert() | ast.USub()) | ast.Starred():
                return self.kind(node.operand if isinstance(node, ast.UnaryOp) else node.value)
            case ast.BoolOp():
                *first, last = (self.kind(value) for value in node.values)
                return None if HIDDEN & {one for one in first if isinstance(one, Basic)} else last
            case ast.IfExp():
                return agreed([self.kind(node.body), self.kind(node.orelse)])
            case _:
                return self._kind_of_collection(node)

    def _kind_of_attribute(self, node: ast.Attribute) -> Kind:
        of = self.kind(node.value)
        if of is Basic.SIGNED:
            return {"came": Basic.TRUTH, "order": Basic.WORD}.get(node.attr)
        if isinstance(node.value, ast.Name):
            match node.value.id, node.attr:
                case "self", "orders" | "words" | "marks":
                    return Many(Basic.WORD)
                case "self", attribute:
                    return self.kind_of_own(attribute)
                case "outcome", "orders":
                    return Table(Basic.ORDER)
                case "outcome", "decisions":
                    return Table(Basic.DECISION)
        return CONSTANTS.get(self.origin(node))

    def _kind_of_part(self, node: ast.Subscript) -> Kind:
        of = self.kind(node.value)
        if of in (Basic.INBOX, Basic.DECISION):
            return Basic.ORDER if of is Basic.INBOX else of
        if isinstance(of, Many):
            return of if isinstance(node.slice, ast.Slice) else of.of
        return of.of if isinstance(of, Table) else None

    def _kind_of_call(self, node: ast.Call) -> Kind:
        name = self.called(node.func)
        if name == "ite" and len(node.args) == 3:
            kind = agreed([self.kind(node.args[1]), self.kind(node.args[2])])
            return Basic.ORDER if kind is Basic.WORD else kind
        if name in CALLS:
            return CALLS[name]
        if name in ("set", "frozenset"):
            return Many(element(self.kind(node.args[0])) if node.args else None, settled=False)
        if name in SAME_SEQUENCE and node.args:
            return self.kind(node.args[-1])
        if name == "sorted" and node.args:
            return Many(element(self.kind(node.args[0])))
        return self._kind_of_method(node.func) if isinstance(node.func, ast.Attribute) else None

    def _kind_of_method(self, method: ast.Attribute) -> Kind:
        match self.kind(method.value), method.attr:
            case Basic.INBOX, "get":
                return Basic.ORDER
            case Basic.INBOX, "signed":
                return Basic.SIGNED
            case Basic.TREE, "told" | "resolved":
                return Basic.ORDER
            case Table(of), "get":
                return of
            case Table(of), "values":
                return Many(of)
            case Many(settled=False) as of, attribute if attribute in SET_METHODS:
                return of
        return None

    def _kind_of_comparison(self, node: ast.Compare) -> Kind:
        if not isinstance(node.ops[0], ast.Eq | ast.NotEq | ast.Lt | ast.LtE | ast.Gt | ast.GtE):
            return None
        kinds = {kind for kind in map(self.kind, (node.left, *node.comparators)) if isinstance(kind, Basic)}
        return Basic.TRUTH if kinds & HIDDEN else None

    def _kind_of_operation(self, node: ast.BinOp) -> Kind:
        left, right = self.kind(node.left), self.kind(node.right)
        if Basic.UNSET in (left, right):
            return Basic.UNSET
        if isinstance(node.op, ast.Div) and Basic.COUNT not in (left, right):
            return Basic.FRACTION
        if isinstance(left, Many) and isinstance(right, Many):
            return Many(agreed([left.of, right.of]), settled=left.settled and right.settled)
        if isinstance(left, Many) and not left.settled:
            return left
        for kind in (Basic.TRUTH, Basic.COUNT, Basic.FRACTION):
            if kind in (left, right):
                return kind
        return None

    def _kind_of_collection(self, node: ast.expr | None) -> Kind:
        match node:
            case ast.List() | ast.Tuple():
                return Many(agreed([self._kind_in_list(one) for one in node.elts])) if node.elts else EMPTY
            case ast.Set():
                return Many(agreed([self._kind_in_list(one) for one in node.elts]), settled=False)
            case ast.ListComp() | ast.GeneratorExp():
                over = self.kind(node.generators[0].iter)
                return Many(self.kind(node.elt), settled=not isinstance(over, Many) or over.settled)
            case ast.SetComp():
                return Many(self.kind(node.elt), settled=False)
            case ast.Dict():
                return Table(agreed([self.kind(value) for value in node.values]))
            case ast.DictComp():
                return Table(self.kind(node.value))
        return None

    def _kind_in_list(self, node: ast.expr) -> Kind:
        return element(self.kind(node)) if isinstance(node, ast.Starred) else self.kind(node)
