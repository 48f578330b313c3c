"""What of a page is too faint to read: every text against the ground it really stands on."""

from __future__ import annotations

from playwright.sync_api import Page

# Contrast as WCAG 2.2 counts it: 4.5, for large text 3. What is switched off may be faint,
# and what charts paint is checked with the palette.
_FAINT = """() => {
    const pen = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
    const known = {};
    const colour = (css) => known[css] ??= (() => {
        pen.clearRect(0, 0, 1, 1);
        pen.fillStyle = css;
        pen.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
        return [r, g, b, a / 255];
    })();
    const over = (top, ground, alpha) =>
        [0, 1, 2].map(i => top[i] * alpha + ground[i] * (1 - alpha));
    const light = (rgb) => {
        const [r, g, b] = rgb.map(c => c / 255)
            .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = (element) => {
        const layers = [];
        for (let e = element; e; e = e.parentElement) {
            const layer = colour(getComputedStyle(e).backgroundColor);
            layers.push(layer);
            if (layer[3] === 1) break;
        }
        return layers.reverse().reduce((below, layer) => over(layer, below, layer[3]),
            light(colour(getComputedStyle(document.body).color)) > 0.5 ? [0, 0, 0] : [255, 255, 255]);
    };
    const found = {};
    const look = (element, text, style) => {
        if (!text || !element.checkVisibility({opacityProperty: true, visibilityProperty: true}))
            return;
        if (element.closest("svg, :disabled, [aria-disabled='true'], [data-disabled], [inert]"))
            return;
        // A slider's number floats above the knob that holds it.
        if (element.closest("[data-testid='stSliderThumbValue']")) return;
        const label = element.closest("[data-testid='stWidgetLabel']");
        if (label && label.parentElement.querySelector(":disabled, [aria-disabled='true']")) return;
        const box = element.getBoundingClientRect();
        if (box.width < 2 || box.height < 2 || element.closest("[data-st-inactive]")) return;
        let opacity = 1;
        for (let e = element; e; e = e.parentElement) opacity *= getComputedStyle(e).opacity;
        const behind = ground(element), ink = colour(style.color);
        const pair = [light(over(ink, behind, ink[3] * opacity)), light(behind)].sort((a, b) => b - a);
        const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
        const size = parseFloat(style.fontSize);
        // An icon is a picture: 3 is enough for it, as for large text.
        const large = element.dataset.testid === "stIconMaterial" || size >= 24 || (size >= 18.66 && parseInt(style.fontWeight) >= 700);
        if (size > 0 && ratio < (large ? 3 : 4.5))
            found[text.slice(0, 40)] ??= `${text.slice(0, 40)} (${ratio.toFixed(2)})`;
    };
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const element = walk.currentNode.parentElement;
        if (!["STYLE", "SCRIPT", "NOSCRIPT"].includes(element.tagName))
            look(element, walk.currentNode.data.trim(), getComputedStyle(element));
    }
    for (const field of document.querySelectorAll("input:not([type='range']), textarea")) {
        const hint = !field.value && field.placeholder;
        look(field, hint || field.value, getComputedStyle(field, hint ? "::placeholder" : null));
    }
    return Object.values(found);
}"""


def faint(page: Page) -> list[str]:
    """The beginnings of texts whose contrast is too low, each with its contrast."""
    found: list[str] = page.evaluate(_FAINT)
    return found
