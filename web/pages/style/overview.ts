/** The first page: the sentence, incidents, groups and rows. */
export const OVERVIEW_STYLE = `.headline {
  display: flex;
  align-items: center;
  gap: var(--s4);
  padding: var(--s5);
  border-radius: var(--round);
  background: var(--unknown-tint);
  border: 1px solid var(--unknown);
}
.headline.up {
  background: var(--up-tint);
  border-color: var(--up);
}
.headline.degraded {
  background: var(--degraded-tint);
  border-color: var(--degraded);
}
.headline.down {
  background: var(--down-tint);
  border-color: var(--down);
}
.headline > .mark {
  width: 2.5rem;
  height: 2.5rem;
}
.headline h1 {
  margin: 0;
  font-size: var(--title);
}
.headline h1 time {
  font-weight: 400;
}
.counts {
  display: inline-flex;
  flex-wrap: wrap;
  gap: var(--s1) var(--s4);
  margin: var(--s1) 0 0;
  font-size: var(--note);
  font-variant-numeric: tabular-nums;
}
.incident {
  margin-bottom: var(--s3);
  border-left: 0.25rem solid var(--unknown);
}
.incident.down {
  border-left-color: var(--down);
}
.incident.degraded {
  border-left-color: var(--degraded);
}
.incident header {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: var(--s1) var(--s3);
}
.steps {
  margin-top: var(--s3);
  font-size: var(--note);
}
.steps li {
  display: grid;
  grid-template-columns: 11.5rem 1fr;
  gap: 0 var(--s3);
  padding: var(--s1) 0;
  overflow-wrap: anywhere;
}
.toolbar {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: var(--s2) var(--s3);
  margin-top: var(--s5);
  font-size: var(--note);
}
.toolbar input {
  width: min(20rem, 100%);
  padding: var(--s2) var(--s3);
  border: 1px solid var(--control);
  border-radius: var(--round);
  background: var(--card);
  color: var(--ink);
  font: inherit;
}
.rows {
  background: var(--card);
  border: 1px solid var(--line);
  border-radius: var(--round);
}
details.group {
  margin-top: var(--s2);
}
details.group > summary {
  display: flex;
  align-items: center;
  gap: var(--s4);
  padding: var(--s3) var(--s5);
  background: var(--card);
  border: 1px solid var(--line);
  border-radius: var(--round);
}
details.group > summary::marker {
  content: "";
}
details.group > summary::-webkit-details-marker {
  display: none;
}
details.group > summary::before {
  content: "";
  width: 0.45rem;
  height: 0.45rem;
  border: solid var(--soft);
  border-width: 0 2px 2px 0;
  transform: rotate(-45deg);
}
details.group[open] > summary::before {
  transform: rotate(45deg);
}
details.group[open] > summary {
  margin-bottom: var(--s2);
}
details.group h2 {
  margin: 0;
  font-size: var(--body);
  min-width: 9rem;
  overflow-wrap: anywhere;
}
details.group > summary .counts {
  margin: 0;
  min-width: 6rem;
}
details.group > summary .days {
  flex: 1;
  min-width: 0;
  height: 1.25rem;
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
.row h3 {
  display: inline;
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
.planned {
  margin-bottom: var(--s3);
  border-left: 0.25rem solid var(--link);
}
.planned p {
  margin: var(--s1) 0 0;
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
  .headline {
    padding: var(--s4);
    align-items: start;
  }
  .headline h1 {
    font-size: var(--lead);
  }
  .headline > .mark {
    width: 1.5rem;
    height: 1.5rem;
  }
  .steps li {
    grid-template-columns: 1fr;
  }
  details.group > summary {
    flex-wrap: wrap;
    gap: var(--s1) var(--s3);
    padding: var(--s3) var(--s4);
  }
  details.group > summary .days {
    flex-basis: 100%;
  }
}
`;
