import type { Page } from 'playwright-core';

/** How wide the page is, and elements that make it so, if it is wider than its window; otherwise nothing. */
export async function overflow(page: Page): Promise<readonly string[]> {
  return await page.evaluate<readonly string[]>(OVERFLOW);
}

const OVERFLOW = `(() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  const scrolls = (one) => one !== document.body && (getComputedStyle(one).overflowX !== 'visible' || scrolls(one.parentElement));
  const isWide = (one) => one.getBoundingClientRect().right > clientWidth + 1 && !scrolls(one.parentElement);
  const wide = [...document.body.querySelectorAll('*')].filter(isWide);
  return ['the page is ' + scrollWidth + ' px wide', ...wide.slice(0, 3).map((one) => one.outerHTML.slice(0, 120))];
})()`;
