"""What a page is on paper, and where the reader's own colours replace its own: what is wrong there, in words."""

# A4 less the margins that a browser leaves, in pixels.
PAPER = {"width": 718, "height": 1000}

CONTRAST = """
const numbers = text => (text.match(/[\\d.]+/g) || []).map(Number);
const light = colour => {
  const [r, g, b] = colour.slice(0, 3).map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (one, two) => {
  const [high, low] = [light(one), light(two)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
};
// What is drawn, as it is seen on a ground.
const drawn = (e, ground) => {
  const style = getComputedStyle(e), isLine = style.fill === 'none';
  const colour = numbers(isLine ? style.stroke : style.fill), part = Number(isLine ? style.strokeOpacity : style.fillOpacity);
  return colour.slice(0, 3).map((c, i) => c * part + ground[i] * (1 - part));
};
const shapes = [...document.querySelectorAll('svg .bar, svg .band')].filter(e => e.checkVisibility());
const found = [], say = (what, e) => found.push(what + ': ' + e.outerHTML.slice(0, 140));
"""

# Navigation and buttons are left out, and forms unless the page is one; black on white; nothing cut or too wide.
ON_PAPER = "() => {" + CONTRAST + """
const white = [255, 255, 255];
if (getComputedStyle(document.documentElement).colorScheme.includes('dark')) found.push('the paper is dark');
for (const e of document.querySelectorAll('body, body *')) {
  if (!e.checkVisibility({visibilityProperty: true}) || e.closest('svg, option, progress')) continue;
  const style = getComputedStyle(e), box = e.getBoundingClientRect(), ground = numbers(style.backgroundColor);
  if (e.matches('nav, button, .skip, .actions, main form:not(.sheet > form)')) say('printed', e);
  if (box.right > window.innerWidth + 1) say('wider than the page', e);
  if (ground[3] !== 0 && contrast(ground, white) > 1.05) say('not on white', e);
  const hasWords = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) || e.matches('input, textarea, select');
  if (hasWords && contrast(numbers(style.color), white) < 7) say('pale', e);
  if (style.overflow !== 'visible' && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1)) say('cut', e);
}
for (const e of document.querySelectorAll('details:not([open]) > :not(summary)')) {
  if (!e.checkVisibility({contentVisibilityAuto: true}) && !e.matches('.noprint')) say('folded up', e);
}
for (const e of shapes) if (contrast(drawn(e, white), white) < 3) say('a pale shape', e);
return found.slice(0, 5);
}"""

IN_FORCED_COLOURS = "() => {" + CONTRAST + """
const ground = numbers(getComputedStyle(document.body).backgroundColor);
for (const e of shapes) if (contrast(drawn(e, ground), ground) < 3) say('a pale shape', e);
for (const e of document.querySelectorAll('svg text'))
  if (e.checkVisibility() && contrast(drawn(e, ground), ground) < 4.5) say('pale words', e);
for (const e of document.querySelectorAll('nav a[aria-current]')) {
  const style = getComputedStyle(e);
  if (parseFloat(style.borderBottomWidth) < 3 || style.borderBottomStyle === 'none') say('nothing marks the page', e);
}
return found.slice(0, 5);
}"""


def on_paper(page, size):
    """What is wrong with a page as it is printed by somebody whose screen is dark. Leaves the window with this size."""
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size(PAPER)
    found = page.evaluate(ON_PAPER)
    page.set_viewport_size(size)
    page.emulate_media(media="screen", color_scheme="light")
    return found


def in_forced_colours(page):
    """What is not seen where the system's few colours replace the page's, dark and light."""
    found = []
    for scheme in ("dark", "light"):
        page.emulate_media(forced_colors="active", color_scheme=scheme)
        found += page.evaluate(IN_FORCED_COLOURS)
    page.emulate_media(forced_colors="none", color_scheme="light")
    return found
