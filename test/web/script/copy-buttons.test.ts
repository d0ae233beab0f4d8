import { afterEach, expect, test, vi } from 'vitest';
import { openCopyButtons } from '../../../web/script/copy-buttons.ts';

/** A page with one button, as far as the script sees it. */
function pageWith(clipboard: { writeText(text: string): Promise<void> } | undefined) {
  const source = { textContent: '# mx1\n' };
  const status = { textContent: '' };
  const selected: object[] = [];
  const button = {
    dataset: { copy: 'post-mortem' },
    hidden: true,
    onclick: () => {},
    parentElement: { querySelector: () => status },
  };
  vi.stubGlobal('document', { getElementById: (id: string) => (id === 'post-mortem' ? source : null) });
  vi.stubGlobal('navigator', { clipboard });
  vi.stubGlobal('getSelection', () => ({ selectAllChildren: (of: object) => void selected.push(of) }));
  const part = { querySelectorAll: () => [button] } as unknown as ParentNode;
  openCopyButtons(part);
  openCopyButtons(part);
  return { button, status, selected, source };
}

afterEach(() => vi.unstubAllGlobals());

test('shows the button, and copies the text as it is, once for each press', async () => {
  const written: string[] = [];
  const { button, status, selected } = pageWith({ writeText: async (text) => void written.push(text) });
  expect(button.hidden).toBe(false);
  button.onclick();
  await expect.poll(() => status.textContent).toBe('Copied');
  expect([written, selected]).toEqual([['# mx1\n'], []]);
});

test.each([
  ['no clipboard', undefined],
  ['a clipboard that refuses', { writeText: () => Promise.reject(new Error('not allowed')) }],
])('with %s it selects the text and says so', async (_, clipboard) => {
  const { button, status, selected, source } = pageWith(clipboard);
  button.onclick();
  await expect.poll(() => status.textContent).toContain('Selected');
  expect(selected).toEqual([source]);
});
