/** The first page: the sentence, incidents, planned work and groups. */
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
.incident.up {
  border-left-color: var(--up);
}
.incident.down {
  border-left-color: var(--down);
}
.incident.degraded {
  border-left-color: var(--degraded);
}
.incident header > * {
  min-width: 0;
  overflow-wrap: anywhere;
}
.incident header {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: var(--s1) var(--s3);
}
.incident .said {
  margin: var(--s3) 0 0;
}
.steps {
  margin-top: var(--s3);
  font-size: var(--note);
}
.steps li {
  display: grid;
  grid-template-columns: 12.5rem 1fr;
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
details.rest > summary {
  display: flex;
  align-items: center;
  gap: var(--s4);
  margin-top: var(--s2);
  padding: var(--s2) var(--s5);
  border: 1px solid var(--line);
  border-radius: var(--round);
  color: var(--soft);
  font-size: var(--note);
}
details.rest[open] > summary {
  margin-bottom: var(--s2);
}
details.group > summary::marker,
details.rest > summary::marker {
  content: "";
}
details.group > summary::-webkit-details-marker,
details.rest > summary::-webkit-details-marker {
  display: none;
}
details.group > summary::before,
details.rest > summary::before {
  content: "";
  width: 0.45rem;
  height: 0.45rem;
  border: solid var(--soft);
  border-width: 0 2px 2px 0;
  transform: rotate(-45deg);
}
details.group[open] > summary::before,
details.rest[open] > summary::before {
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
details.group > summary > .note {
  margin-left: auto;
}
.planned {
  margin-bottom: var(--s3);
  border-left: 0.25rem solid var(--link);
}
.planned p {
  margin: var(--s1) 0 0;
}
@media (max-width: 40rem) {
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
  details.rest > summary {
    padding: var(--s2) var(--s4);
  }
  details.group > summary > .note {
    margin-left: 0;
  }
}
`;
