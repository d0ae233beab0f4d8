/** What is around the content of each page: the bar above it with its links, the words of an old page, and the foot. */
export const FRAME_STYLE = `.skip {
  position: absolute;
  left: var(--s4);
  top: -4rem;
  z-index: 2;
  padding: var(--s2) var(--s4);
  background: var(--card);
  border: 1px solid var(--control);
  border-radius: var(--round);
}
.skip:focus {
  top: var(--s2);
}
.top {
  background: var(--card);
  border-bottom: 1px solid var(--line);
}
.top .wide {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  justify-content: space-between;
  column-gap: var(--s5);
  min-height: 3.5rem;
}
.home {
  display: flex;
  align-items: center;
  gap: var(--s3);
  min-width: 0;
  padding: var(--s2) 0;
  color: var(--ink);
  font-size: var(--lead);
  font-weight: 650;
  text-decoration: none;
  overflow-wrap: anywhere;
}
.home:hover {
  text-decoration: underline;
}
.logo {
  display: block;
  height: 1.75rem;
  max-width: 10rem;
  object-fit: contain;
}
.top nav ul {
  display: flex;
  gap: var(--s1);
  list-style: none;
  margin: 0 calc(-1 * var(--s3));
  padding: 0;
}
.top nav a {
  display: block;
  padding: var(--s2) var(--s3);
  border-radius: var(--round);
  color: var(--soft);
  font-size: var(--note);
  font-weight: 500;
  text-decoration: none;
}
.top nav a:hover {
  background: var(--inset);
  color: var(--ink);
}
.top nav a[aria-current] {
  color: var(--ink);
  box-shadow: inset 0 -2px 0 var(--link);
  border-radius: 0;
}
#stale {
  width: calc(100% - 2 * var(--s5));
  max-width: 69rem;
  margin: var(--s5) auto 0;
  padding: var(--s3) var(--s4);
  border: 1px solid var(--down);
  border-radius: var(--round);
  background: var(--down-tint);
  color: var(--down-text);
  font-weight: 600;
}
body.stale .headline:not(.unknown) h1::before {
  content: 'Last known: ';
}
body.stale main {
  filter: grayscale(1);
}
footer {
  margin-top: var(--s7);
  padding: var(--s4) 0 var(--s5);
  border-top: 1px solid var(--line);
  color: var(--soft);
  font-size: var(--note);
}
footer .wide {
  display: flex;
  flex-wrap: wrap;
  justify-content: space-between;
  gap: var(--s1) var(--s5);
}
footer p {
  margin: 0;
}
footer .links a {
  margin-right: var(--s4);
}
@media (max-width: 40rem) {
  #stale {
    width: calc(100% - 2 * var(--s4));
  }
}
`;
