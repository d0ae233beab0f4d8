/**
 * Changes what a page shows to what a newer page shows, node by node: what is the same stays, and with it focus, scroll
 * positions, texts that were typed, and which details are open.
 */

/** Content with this attribute and an id is of a script: it stays as it is. */
const KEPT = 'data-keep';
/** Names of attributes that are of a script: they stay, and the rest of the element changes. */
export const OWN = 'data-own';

/** @returns a function that changes the document to the next one */
export function openReplacement(document: Document): (next: Document) => void {
  /** Whether the publisher opened details: the choice of a reader counts until the publisher's changes. */
  const opened = new WeakMap<Element, boolean>();
  for (const one of document.querySelectorAll('details')) opened.set(one, one.open);
  return (next) => {
    const { activeElement } = document;
    for (const selector of ['main', 'footer']) {
      const [from, to] = [document.querySelector(selector), next.querySelector(selector)];
      if (from !== null && to !== null) changeElement(from, to, opened);
    }
    document.title = next.title;
    Object.assign(document.body.dataset, next.body.dataset);
    if (activeElement instanceof HTMLElement && activeElement !== document.activeElement && activeElement.isConnected)
      activeElement.focus({ preventScroll: true });
  };
}

function changeElement(from: Element, to: Element, opened: WeakMap<Element, boolean>): void {
  if (from.hasAttribute(KEPT)) return;
  const isOpen = to.hasAttribute('open');
  const keepsOpen = from.localName === 'details' && (opened.get(from) ?? isOpen) === isOpen;
  if (from.localName === 'details') opened.set(from, isOpen);
  const stays = (name: string) => (name === 'open' && keepsOpen) || ownAttributes(from).has(name);
  for (const { name } of [...from.attributes]) {
    if (!to.hasAttribute(name) && !stays(name)) from.removeAttribute(name);
  }
  for (const { name, value } of to.attributes) {
    if (from.getAttribute(name) !== value && !stays(name)) from.setAttribute(name, value);
  }
  changeChildren(from, to, opened);
}

/** The attributes that a script gave an element, and their list itself: they stay. */
function ownAttributes(element: Element): ReadonlySet<string> {
  const own = element.getAttribute(OWN);
  return new Set(own === null ? [] : [OWN, ...own.split(' ')]);
}

function changeChildren(from: Element, to: Element, opened: WeakMap<Element, boolean>): void {
  let place = from.firstChild;
  for (const wanted of [...to.childNodes]) {
    const found = counterpart(place, wanted);
    if (found === null) {
      from.insertBefore(from.ownerDocument.importNode(wanted, true), place);
      continue;
    }
    // It was further down: those between are no longer there, or come later.
    if (found !== place) from.insertBefore(found, place);
    place = found.nextSibling;
    if (found instanceof Element && wanted instanceof Element) changeElement(found, wanted, opened);
    else if (found.nodeValue !== wanted.nodeValue) found.nodeValue = wanted.nodeValue;
  }
  while (place !== null) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

/** The node that becomes the wanted one: of the same kind, and with the same id if either has one. */
function counterpart(first: ChildNode | null, wanted: Node): ChildNode | null {
  const id = idOf(wanted);
  if (first !== null && first.nodeName === wanted.nodeName && idOf(first) === id) return first;
  if (id === '') return null;
  for (let node = first; node !== null; node = node.nextSibling) if (idOf(node) === id) return node;
  return null;
}

function idOf(node: Node): string {
  return node instanceof Element ? node.id : '';
}
