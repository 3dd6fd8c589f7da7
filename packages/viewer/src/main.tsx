import { render } from "preact";
import { Page } from "./page.tsx";
import { readPage } from "./read.ts";
import "./style.css";

const root = document.getElementById("app");
if (root) {
  root.textContent = "";
  render(<Page data={readPage(document)} />, root);
}
