/** Rows of targets and of vantages. */
export const ROW_STYLE = `.rows {
  background: var(--card);
  border: 1px solid var(--line);
  border-radius: var(--round);
}
.row {
  display: grid;
  grid-template-columns: minmax(0, 13rem) minmax(0, 1fr) minmax(0, 22rem);
  gap: var(--s3) var(--s5);
  padding: var(--s4) var(--s5);
}
.row + .row {
  border-top: 1px solid var(--line);
}
.row h2,
.row h3 {
  display: inline;
  margin: 0;
  font-size: var(--body);
  font-weight: 600;
  margin-right: var(--s2);
  overflow-wrap: anywhere;
}
.row h3 a {
  color: inherit;
  text-decoration: none;
}
.row h3 a:hover {
  text-decoration: underline;
}
.row .note {
  margin: var(--s1) 0 0;
  overflow-wrap: anywhere;
}
.row details ul {
  margin-top: var(--s1);
  font-variant-numeric: tabular-nums;
}
.now {
  display: flex;
  gap: var(--s4);
  align-items: start;
  justify-content: space-between;
}
.last {
  flex: 1;
  min-width: 0;
  list-style: none;
  margin: 0;
  padding: 0;
  font-size: var(--note);
}
.last li {
  display: flex;
  align-items: center;
  column-gap: var(--s2);
}
.last .vantage {
  overflow-wrap: anywhere;
  min-width: 0;
}
.last .figure {
  margin-left: auto;
  color: var(--soft);
  white-space: nowrap;
  font-variant-numeric: tabular-nums;
}
.last li.trouble {
  flex-wrap: wrap;
}
.last .what {
  flex-basis: 100%;
  margin-bottom: var(--s1);
  color: var(--soft);
  overflow-wrap: anywhere;
}
.swatch {
  width: 1.5rem;
  height: 0.5rem;
  flex: none;
}
.sparkline {
  flex: none;
  width: 6.5rem;
  margin: 0;
  font-size: var(--small);
  color: var(--soft);
  text-align: right;
}
.sparkline svg {
  display: block;
  width: 100%;
  height: 2.25rem;
}
.sparkline .failed {
  stroke: var(--down);
  stroke-width: 2;
  vector-effect: non-scaling-stroke;
}
.vantage-row {
  grid-template-columns: minmax(0, 14rem) minmax(0, 1fr);
}
.facts {
  display: grid;
  grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr));
  gap: var(--s3) var(--s5);
  margin: 0;
  font-size: var(--note);
}
.facts dt {
  color: var(--soft);
  font-size: var(--small);
}
.facts dd {
  margin: 0;
  font-variant-numeric: tabular-nums;
}
@media (max-width: 60rem) {
  .row {
    grid-template-columns: minmax(0, 1fr) minmax(0, 22rem);
  }
  .row .past {
    grid-column: 1 / -1;
    grid-row: 2;
  }
}
@media (max-width: 40rem) {
  .row {
    grid-template-columns: minmax(0, 1fr);
    padding: var(--s4);
  }
  .row .past {
    grid-row: auto;
  }
  .now {
    flex-direction: column;
    gap: var(--s2);
  }
  .last,
  .sparkline {
    width: 100%;
  }
}
`;
