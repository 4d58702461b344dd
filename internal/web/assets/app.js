// What the pages do beyond links and forms. Every page works without this
// file; it reads data- attributes only and writes no style and no markup that
// a stricter policy would refuse.
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");
})();
