"""The page of a chain or a cover: one self-contained HTML file, on which a person decides in place of a protocol.

This module writes all that does not change, so that the page is complete without scripts: the question, how the
argument goes, every act with its graph, who cannot tell it from the next one, and what follows. The script says which
condition a person's decisions break, and where. The page's security policy forbids other scripts and any network. This
module knows arguments and figures. It must not know how executions are found.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape

import byzverify
from byzverify.rendering.impossibility.argument import Act, Argument, Impossibility, Witnessed, argument_of
from byzverify.rendering.impossibility.drawing import cover_alone, drawn, figure, figures_of
from byzverify.rendering.impossibility.explained import method, objection, question, silence
from byzverify.rendering.impossibility.legend import STYLE
from byzverify.rendering.markup import filled, hash_of, paragraphs, part, without_style
from byzverify.scenario.impossibility import DoubleCover

SCRIPTS = ("elements", "dilemma")


def page_of(found: Impossibility) -> str:
    """The page that shows why no protocol works."""
    argument = argument_of(found)
    style = STYLE + part("base.css") + part("choices.css") + part("impossibility.css")
    script = "\n".join(part(f"{name}.js") for name in SCRIPTS)
    return filled(
        "impossibility.html",
        title=escape(argument.title),
        version=byzverify.__version__,
        style=style,
        style_hashes=hash_of(style),
        script=script,
        script_hash=hash_of(script),
        question=paragraphs(question(found.setting)),
        conditions="\n".join(map(_condition, argument.demands.conditions)),
        method=_method(found),
        noun=argument.noun.lower(),
        invitation=escape(invitation(argument)),
        ladder="\n".join(_ladder(found, argument)),
        conclusion=paragraphs(argument.conclusion),
        picture=without_style(drawn(found)),
        dilemma=_in_script(json.dumps(dilemma(argument), separators=(",", ":"))),
    )


def invitation(argument: Argument) -> str:
    """What a reader can do."""
    noun, number = argument.noun.lower(), len(argument.witnessed)
    whom = f"{number} generals between the {noun}s" if number > 1 else f"general between the {noun}s"
    return (
        f"Now you are the protocol. Only what the {whom} decide matters here. Choose as you like, and see what happens "
        f"in each {noun}."
    )


def dilemma(argument: Argument) -> dict[str, object]:
    """What the script needs to know, as `dilemma.js` reads it."""
    demands = argument.demands
    return {
        "decisions": demands.decisions,
        "apart": demands.apart,
        "agree": demands.agree,
        "agreement": demands.agreement,
        "obedience": demands.obedience,
        "witnesses": [one.name for one in argument.witnessed],
        "acts": [act.name.lower() for act in argument.acts],
    }


UNBROKEN_DASH = "\N{WORD JOINER}–\N{WORD JOINER}"
"""The dash of a link such as 0–2′, which must stand on one line."""


def _condition(words: str) -> str:
    name, _, says = words.partition(": ")
    return f"<li><b>{escape(name)}</b>: {escape(says)}.</li>"


def _method(found: Impossibility) -> str:
    texts = [paragraphs([one.replace("–", UNBROKEN_DASH)]) for one in method(found)]
    if isinstance(found, DoubleCover):
        shown = without_style(cover_alone(found))
        texts.insert(
            1, f'<div class="diagram cover" role="group" aria-label="The two networks" tabindex="0">{shown}</div>'
        )
    texts.append(paragraphs([silence(found.setting)]))
    doubt = objection(found)
    if doubt:
        asked = "But what if the generals say other things to each other?"
        texts.append(f"<details><summary>{asked}</summary>{paragraphs([doubt])}</details>")
    return "\n".join(texts)


def _ladder(found: Impossibility, argument: Argument) -> Iterator[str]:
    """Every act, each with who cannot tell it from the next one."""
    shown = figures_of(found)
    for number, act in enumerate(argument.acts):
        yield _act(number, act, without_style(figure(argument, number, shown[number])), len(argument.witnessed))
        if number < len(argument.witnessed):
            yield _link(number, argument.witnessed[number], argument)


def _act(number: int, act: Act, drawing: str, last: int) -> str:
    told = "\n".join(f"<li>{escape(sentence)}</li>" for sentence in act.told)
    is_end = " end" if number in (0, last) else ""
    return (
        f'<article class="episode" id="act-{number + 1}" aria-labelledby="act-{number + 1}-name">\n'
        f'<div class="figure">{drawing}</div>\n<div class="words">\n'
        f'<h4 id="act-{number + 1}-name">{escape(act.name)}</h4>\n<ul>\n{told}\n</ul>\n'
        f'<p class="because{is_end}">{escape(act.because)}</p>\n<p class="outcome" hidden></p>\n</div>\n</article>'
    )


def _link(number: int, one: Witnessed, argument: Argument) -> str:
    seen = "\n".join(f"<li>{escape(line)}</li>" for line in one.seen)
    name, noun = f"link-{number + 1}", argument.noun.lower()
    where = f"in {noun}s {number + 1} and {number + 2}"
    options = "".join(
        f'<label><input type="radio" name="{name}" value="{value}"><span>{escape(decision)}</span></label>'
        for value, decision in enumerate(argument.demands.decisions)
    )
    return (
        f'<section class="bridge" id="{name}" aria-labelledby="{name}-why">\n'
        f'<h4 id="{name}-why">{escape(one.why)}</h4>\n'
        f"<p>In both it is the same for him:</p>\n<ul>\n{seen}\n</ul>\n<p><b>So he decides the same in both.</b></p>\n"
        f'<fieldset class="choices" hidden><legend>Your decision for {escape(one.name)} {where}</legend>'
        f"{options}</fieldset>\n"
        "</section>"
    )


def _in_script(text: str) -> str:
    """JSON that cannot close the script element around it."""
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
