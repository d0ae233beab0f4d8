/** The script of the page of a target, `history.js`. */
