import { exitWithParent } from "../exit-with-parent.ts";

exitWithParent();
