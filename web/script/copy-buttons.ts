/** Buttons that copy a text of the page: without script they are hidden, and the text can be selected. */

/** Each names the element that has the text. To be called again after an update of the page. */
export function openCopyButtons(part: ParentNode): void {
  for (const button of part.querySelectorAll<HTMLButtonElement>('button[data-copy]')) {
    button.hidden = false;
    button.onclick = () => void copy(button);
  }
}

async function copy(button: HTMLButtonElement): Promise<void> {
  const source = document.getElementById(button.dataset.copy ?? '');
  const status = button.parentElement?.querySelector('[role=status]');
  if (source === null || status == null) return;
  status.textContent = (await isCopied(source)) ? 'Copied' : 'Selected: press Ctrl+C or ⌘C';
}

/** A page that was loaded without encryption, or from a file, may have no clipboard: then the text is selected. */
async function isCopied(source: HTMLElement): Promise<boolean> {
  const text = source.textContent ?? '';
  const written = await navigator.clipboard?.writeText(text).then(
    () => true,
    () => false,
  );
  if (written === true) return true;
  getSelection()?.selectAllChildren(source);
  return false;
}
