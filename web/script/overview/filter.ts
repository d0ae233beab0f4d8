/** The box that finds targets by a part of their name, host or tags. */

/** @returns what applies the box to a part of the page, and shows it */
export function openFilter(document: Document): (part: ParentNode) => void {
  const apply = () => filterRows(document);
  document.addEventListener('input', (event) => {
    if (event.target instanceof HTMLInputElement && event.target.id === 'filter-text') apply();
  });
  document.addEventListener('submit', (event) => {
    if (event.target instanceof HTMLFormElement && event.target.id === 'filter') event.preventDefault();
  });
  return apply;
}

function filterRows(document: Document): void {
  const form = document.getElementById('filter');
  const input = document.getElementById('filter-text');
  if (form === null || !(input instanceof HTMLInputElement)) return;
  form.hidden = false;
  const words = wordsOf(input.value);
  const groups = [...document.querySelectorAll<HTMLElement>('.group')];
  const found = groups.reduce((sum, group) => sum + filterGroup(group, words), 0);
  const count = document.getElementById('filter-count');
  if (count !== null) count.textContent = words.length === 0 ? '' : `${found} found`;
}

export function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean);
}

/** Groups, and parts of them, that the filter opened, not the reader. */
const opened = new WeakSet<Element>();

/** @returns how many rows of the group are shown */
function filterGroup(group: HTMLElement, words: readonly string[]): number {
  const title = group.querySelector('h2')?.textContent ?? '';
  let shown = 0;
  for (const row of group.querySelectorAll<HTMLElement>('.row')) {
    const text = `${title} ${row.querySelector('.who')?.textContent ?? ''}`.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
    if (!row.hidden) shown++;
  }
  group.hidden = shown === 0;
  for (const part of group.querySelectorAll<HTMLElement>('.rows, .rest'))
    part.hidden = part.querySelector('.row:not([hidden])') === null;
  for (const part of [group, ...group.querySelectorAll('.rest')])
    if (part instanceof HTMLDetailsElement) openFound(part, words.length > 0);
  return shown;
}

function openFound(part: HTMLDetailsElement, isFiltered: boolean): void {
  if (isFiltered && !part.open) opened.add(part);
  if (isFiltered) part.open = true;
  else if (opened.delete(part)) part.open = false;
}
