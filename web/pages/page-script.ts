/** The script of all pages, as `page.js`. Without it the pages still read. */
export const PAGE_SCRIPT = `// Shows times in the zone of the reader, updates the page, and says when it is old. Without it the page still reads.
(() => {
  const localTimes = () => {
    const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
    for (const time of document.querySelectorAll('time')) time.textContent = format.format(new Date(time.dateTime));
  };
  const age = () => {
    const { heard, stale } = document.body.dataset;
    const old = !(Date.now() - Date.parse(heard) <= stale * 1000);
    document.body.classList.toggle('stale', old);
    document.getElementById('stale').hidden = !old;
  };
  const update = async () => {
    const answer = await fetch(location.href, { cache: 'no-cache' }).catch(() => null);
    if (answer?.ok) {
      const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
      if (next.body.dataset.written !== document.body.dataset.written && !document.querySelector('main :focus')) {
        const open = [...document.querySelectorAll('details')].map((one) => one.open);
        document.querySelector('main').replaceWith(next.querySelector('main'));
        document.querySelector('footer').replaceWith(next.querySelector('footer'));
        document.title = next.title;
        Object.assign(document.body.dataset, next.body.dataset);
        [...document.querySelectorAll('details')].forEach((one, nth) => {
          one.open = open[nth] ?? one.open;
        });
        localTimes();
      }
    }
    age();
  };
  localTimes();
  age();
  if (location.protocol !== 'file:') setInterval(update, 15_000);
  setInterval(age, 5_000);
})();
`;
