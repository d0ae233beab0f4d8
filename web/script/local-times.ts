/** Times in the zone of the reader. Their title stays in UTC. */

export function showLocalTimes(part: ParentNode): void {
  const minute = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  const second = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
  for (const time of part.querySelectorAll<HTMLTimeElement>('time:not(.age)')) {
    const format = time.classList.contains('exact') ? second : minute;
    time.textContent = localTime(format, time.dateTime);
  }
}

/** The text itself if it is no time. */
export function localTime(format: Pick<Intl.DateTimeFormat, 'format'>, at: string): string {
  const time = new Date(at);
  return Number.isNaN(time.getTime()) ? at : format.format(time);
}
