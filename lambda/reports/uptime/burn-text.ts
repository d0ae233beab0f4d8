/** Above it, the number is not shown: of a target that is down since its first minute, it says nothing. */
const MOST = 10;

/**
 * How much of an error budget is used. Rounded up above 100 % and below 1 %, and down between: `100 %` is never a missed objective, `99 %`
 * is a met one that is nearly missed, and `0 %` is no downtime.
 */
export function burnText(burn: number): string {
  const percent = Number((burn * 100).toPrecision(9));
  if (percent > MOST * 100) return `over ${MOST * 100} %`;
  const rounded = percent < 1 || percent > 100 ? Math.ceil(percent) : Math.floor(percent);
  return `${rounded} %`;
}
