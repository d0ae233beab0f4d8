/** Words of a day, when a pointer or a finger is on its bar. With the arrow keys the days of one target are one control. */

import { dayText } from '../../pages/day-bars.ts';
import { decodeDays } from '../../pages/overview/encoded-days.ts';
import { OWN } from '../replace-content.ts';

const SVG = 'http://www.w3.org/2000/svg';

/** Of the keys that move to another day: where to. */
const MOVES: Readonly<Record<string, (nth: number, last: number) => number>> = {
  ArrowLeft: (nth) => nth - 1,
  ArrowRight: (nth) => nth + 1,
  ArrowDown: (nth) => nth - 1,
  ArrowUp: (nth) => nth + 1,
  PageDown: (nth) => nth - 7,
  PageUp: (nth) => nth + 7,
  Home: () => 0,
  End: (_, last) => last,
};

/** @returns what makes the bars of a part of the page a control */
export function openDayBars(document: Document): (part: ParentNode) => void {
  const tip = openTip(document);
  const barsOf = (event: Event) =>
    event.target instanceof Element ? event.target.closest<SVGSVGElement>('svg.days') : null;
  const point = (event: PointerEvent) => {
    const bars = barsOf(event);
    if (bars === null) tip.hide();
    else tip.show(bars, dayAt(bars, event.clientX));
  };
  document.addEventListener('pointermove', point);
  document.addEventListener('pointerdown', point);
  document.addEventListener('focusin', (event) => {
    const bars = barsOf(event);
    // A click has said which day.
    if (bars?.matches(':focus-visible')) tip.show(bars, Number(bars.getAttribute('aria-valuenow')) - 1);
  });
  document.addEventListener('focusout', () => tip.hide());
  document.addEventListener('keydown', (event) => {
    const bars = barsOf(event);
    if (event.key === 'Escape') tip.hide();
    const move = MOVES[event.key];
    if (bars === null || move === undefined) return;
    event.preventDefault();
    tip.show(bars, move(Number(bars.getAttribute('aria-valuenow')) - 1, textsOf(bars).length - 1));
  });
  return (part) => {
    for (const bars of part.querySelectorAll<SVGSVGElement>('svg.days')) makeControl(bars);
  };
}

/** A day is chosen as a value is: by the arrow keys. The day that was chosen stays so when the page is updated. */
function makeControl(bars: SVGSVGElement): void {
  const texts = textsOf(bars);
  const chosen = Number(bars.getAttribute('aria-valuenow') ?? texts.length);
  const attributes = {
    role: 'slider',
    tabindex: '0',
    'aria-valuemin': '1',
    'aria-valuemax': String(texts.length),
    'aria-valuenow': String(Math.min(chosen, texts.length)),
    'aria-valuetext': texts[Math.min(chosen, texts.length) - 1] ?? '',
  };
  for (const [name, value] of Object.entries(attributes)) bars.setAttribute(name, value);
  bars.setAttribute(OWN, Object.keys(attributes).join(' '));
}

function textsOf({ dataset: { days = '', from = '' } }: SVGSVGElement): readonly string[] {
  return decodeDays(days, from).map(dayText);
}

function dayAt(bars: SVGSVGElement, x: number): number {
  const { left, width } = bars.getBoundingClientRect();
  return Math.floor(((x - left) / Math.max(1, width)) * textsOf(bars).length);
}

interface Tip {
  show(bars: SVGSVGElement, day: number): void;
  hide(): void;
}

interface TipParts {
  readonly box: HTMLElement;
  /** Over the bar. */
  readonly here: SVGRectElement;
}

function makeParts(document: Document): TipParts {
  const box = document.createElement('div');
  box.className = 'tip';
  // The value of the control says the same.
  box.setAttribute('aria-hidden', 'true');
  document.body.append(box);
  const here = document.createElementNS(SVG, 'rect');
  here.setAttribute('class', 'here');
  return { box, here };
}

function openTip(document: Document): Tip {
  let parts: TipParts | null = null;
  return {
    show(bars, day) {
      parts ??= makeParts(document);
      const { box, here } = parts;
      const texts = textsOf(bars);
      const nth = Math.max(0, Math.min(texts.length - 1, day));
      const text = texts[nth];
      if (text === undefined) return;
      box.textContent = text;
      box.hidden = false;
      bars.setAttribute('aria-valuenow', String(nth + 1));
      bars.setAttribute('aria-valuetext', text);
      markDay(bars, here, nth, texts.length);
      placeTip(box, bars, (nth + 0.5) / texts.length);
    },
    hide() {
      if (parts !== null) parts.box.hidden = true;
      parts?.here.remove();
    },
  };
}

function markDay(bars: SVGSVGElement, here: SVGRectElement, nth: number, days: number): void {
  const { width, height } = bars.viewBox.baseVal;
  const step = (width + 3) / days;
  const place = { x: nth * step - 1.5, y: 0, width: step, height };
  for (const [name, value] of Object.entries(place)) here.setAttribute(name, String(value));
  if (here.parentNode !== bars) bars.append(here);
}

/** Above the bar, and within the page. @param share where the bar is, from left to right */
function placeTip(box: HTMLElement, bars: SVGSVGElement, share: number): void {
  const { left, top, width } = bars.getBoundingClientRect();
  const { clientWidth } = box.ownerDocument.documentElement;
  const x = left + width * share - box.offsetWidth / 2;
  box.style.left = `${Math.max(8, Math.min(clientWidth - box.offsetWidth - 8, x)) + scrollX}px`;
  box.style.top = `${top + scrollY - box.offsetHeight - 6}px`;
}
