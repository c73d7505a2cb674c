import "@fontsource-variable/inter/wght.css";
import "./style/tokens.css";
import "./style/base.css";

import { mount } from "svelte";

import App from "./App.svelte";

const target = document.getElementById("studio");
if (!target) throw new Error("index.html has no #studio");
mount(App, { target });
