/** Verdicts and outcomes: each has a mark, a word and a colour, never the colour alone. */
export const VERDICT_STYLE = `.sprite {
  position: absolute;
}
.mark {
  display: inline-block;
  width: 1em;
  height: 1em;
  flex: none;
  vertical-align: -0.125em;
  fill: var(--unknown);
}
.mark.up,
.mark.pass {
  fill: var(--up);
}
.mark.degraded,
.mark.warn {
  fill: var(--degraded);
}
.mark.down,
.mark.fail {
  fill: var(--down);
}
.verdict {
  display: inline-flex;
  align-items: center;
  gap: 0.4em;
  padding: 0.1rem 0.6rem 0.1rem 0.45rem;
  border-radius: 1rem;
  background: var(--unknown-tint);
  color: var(--unknown-text);
  font-size: var(--note);
  font-weight: 600;
  line-height: 1.4;
  white-space: nowrap;
  vertical-align: middle;
}
.verdict.up {
  background: var(--up-tint);
  color: var(--up-text);
}
.verdict.degraded {
  background: var(--degraded-tint);
  color: var(--degraded-text);
}
.verdict.down {
  background: var(--down-tint);
  color: var(--down-text);
}
`;
