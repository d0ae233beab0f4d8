/** Above it, only that it is above: of a target that is down since its first minute, the number says nothing. */
const MOST = 10;

/**
 * How much of an error budget is used. Rounded down up to all of it, and up above, and from nothing: `100 %` is neither a missed objective
 * nor a met one that is nearly missed, and `0 %` is no downtime.
 */
export function burnText(burn: number): string {
  const percent = Number((burn * 100).toPrecision(9));
  if (percent > MOST * 100) return `over ${MOST * 100} %`;
  const rounded = percent < 1 || percent > 100 ? Math.ceil(percent) : Math.floor(percent);
  return `${rounded} %`;
}
