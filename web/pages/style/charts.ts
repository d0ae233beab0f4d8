/** Bars of days, and lines by vantage: a line has its own dashes, too. */
export const CHART_STYLE = `.days {
  display: block;
  width: 100%;
  height: 2.25rem;
}
.days path {
  fill: none;
  stroke-dasharray: 6 3;
}
.days .up {
  stroke: var(--up);
}
.days .degraded {
  stroke: var(--degraded);
}
.days .down {
  stroke: var(--down);
}
.days .unwatched {
  stroke: var(--unwatched);
}
.days .notch {
  stroke: var(--ink);
}
.days .gap {
  stroke: var(--card);
}
.days .here {
  fill: var(--ink);
  fill-opacity: 0.25;
}
.days[tabindex] {
  cursor: crosshair;
  touch-action: pan-y;
}
.scale {
  display: flex;
  flex-wrap: wrap;
  justify-content: space-between;
  gap: var(--s3);
  margin: var(--s1) 0 0;
  font-size: var(--small);
  color: var(--soft);
  white-space: nowrap;
}
/* On a phone, and where three columns are narrow, the figure has a line of its own. */
@media (max-width: 40rem), (min-width: 60rem) and (max-width: 72rem) {
  .scale {
    row-gap: 0;
  }
  .scale span:nth-child(2) {
    order: 1;
    flex-basis: 100%;
  }
}
.scale strong {
  color: var(--ink);
  font-weight: 600;
  font-variant-numeric: tabular-nums;
}
.tip {
  position: absolute;
  z-index: 1;
  max-width: min(20rem, 90vw);
  padding: var(--s2) var(--s3);
  border: 1px solid transparent;
  border-radius: 0.4rem;
  background: var(--ink);
  color: var(--ground);
  font-size: var(--small);
  line-height: 1.4;
  pointer-events: none;
}
.line {
  fill: none;
  stroke: var(--series0);
  stroke-width: 1.5;
  stroke-linejoin: round;
  vector-effect: non-scaling-stroke;
}
.line1 {
  stroke: var(--series1);
  stroke-dasharray: 5 2;
}
.line2 {
  stroke: var(--series2);
  stroke-dasharray: 2 2;
}
.line3 {
  stroke: var(--series3);
  stroke-dasharray: 8 2 2 2;
}
.line4 {
  stroke: var(--series4);
  stroke-dasharray: 10 4;
}
`;
