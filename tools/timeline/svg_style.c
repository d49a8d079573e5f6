// SPDX-License-Identifier: GPL-2.0-only
/*
 * The style of the picture: colours that colour-blind people can distinguish
 * (after Okabe and Ito), and a pattern for each state too, in light and in dark.
 */
#include "client.h"
#include "svg.h"

const char * const svg_state_class[TL_NR_STATES] = {
	[TL_RUNNING] = "run",
	[TL_SLEEPING] = "sleep",
	[TL_WAITING] = "wait",
	[TL_STOPPED] = "stop",
	[TL_EXITING] = "exiting",
	[TL_ZOMBIE] = "zombie",
};

static const char * const style[] = {
	":root{--bg:#fff;--fg:#1c2128;--dim:#5f6b7a;--grid:#e3e7ec;--tree:#b4bdc8;",
	"--run:#0072b2;--wait:#e3f0f9;--waitline:#5aa2d3;--stop:#f0b429;",
	"--stopline:#7a5200;--zombie:#d3d7dc;--zombieline:#6b7280;--exit:#f3d3e4;",
	"--exitline:#a8447c;--sleep:#e8ecf0;--sleepline:#9aa5b1;",
	"--fork:#8792a0;--reap:#00805c;--kill:#7a1fa2;--bad:#d1001f;",
	"--h0:#56b4e9;--h1:#e69f00;--h2:#009e73;--h3:#cc79a7;--h4:#8a7cc9;",
	"--h5:#a6a01a}",
	"@media(prefers-color-scheme:dark){:root{--bg:#15181d;--fg:#e6e9ed;",
	"--dim:#9aa5b1;--grid:#2a3038;--tree:#4b5563;",
	"--run:#3fa0dc;--wait:#1b3447;--waitline:#4e94c4;--stop:#e0a92a;",
	"--stopline:#4a3300;--zombie:#3d444d;--zombieline:#a3adb8;--exit:#4a2038;",
	"--exitline:#e07fb4;--sleep:#242a31;--sleepline:#65707d;",
	"--fork:#7b8794;--reap:#2fc494;--kill:#cf8df2;--bad:#ff5a6a;",
	"--h0:#3d86b5;--h1:#b07d10;--h2:#128a68;--h3:#a85f88;--h4:#7468b3;",
	"--h5:#7f7a20}}",
	"svg{background:var(--bg)}",
	"text{font:11px system-ui,-apple-system,'Segoe UI','DejaVu Sans',",
	"sans-serif;fill:var(--fg);white-space:pre}",
	".title{font-size:17px;font-weight:600}.sub,.axis,.id{fill:var(--dim)}",
	".note{fill:var(--bad)}.id,.lab{font-size:10px}.in{font-size:10px}",
	".halo{paint-order:stroke;stroke:var(--bg);stroke-width:3px;",
	"stroke-linejoin:round}",
	".fate{font-size:10px;fill:var(--dim)}.fail{fill:var(--bad)}",
	"tspan.in{fill:var(--fg)}.killed{fill:var(--kill);font-weight:600}.bg{fill:var(--bg)}",
	".grid{stroke:var(--grid);stroke-width:1;fill:none}",
	".cut{stroke:var(--dim);stroke-width:1;stroke-dasharray:5 3;fill:none}",
	".tree{stroke:var(--tree);stroke-width:1;fill:none}",
	".run{fill:var(--run)}.wait{fill:url(#wait)}.stop{fill:url(#stop)}",
	".zombie{fill:url(#zombie)}.exiting{fill:url(#exiting)}",
	".sleep{fill:url(#sleep)}",
	".edge{fill:none;stroke:var(--dim);stroke-width:.6}",
	".many{fill:var(--run);opacity:.75}",
	".exec{fill:var(--bg);stroke:var(--fg);stroke-width:1.2}",
	".end{stroke:var(--fg);stroke-width:1.6}",
	".x{stroke:var(--kill);stroke-width:2.2;fill:none}",
	".fork{stroke:var(--fork);stroke-width:1;fill:none}.forkhead{fill:var(--fork)}",
	".reap{stroke:var(--reap);stroke-width:1.2;stroke-dasharray:3 2;fill:none}",
	".reaphead{fill:var(--reap)}",
	".orphan{stroke:var(--dim);stroke-width:1.2;stroke-dasharray:1 3;fill:none}",
	".orphanhead{fill:var(--bg);stroke:var(--dim);stroke-width:1.4}",
	".sig{stroke:var(--kill);stroke-width:1;fill:none}",
	".kill{stroke:var(--kill);stroke-width:2.2;fill:none}",
	".sighead{fill:var(--kill)}.siglab{fill:var(--kill);font-size:10px}",
	".bad{fill:var(--bad)}.badline{stroke:var(--bad);stroke-width:1.6}",
	".lost{fill:url(#lost)}",
	".band{opacity:.13}.strip{opacity:.9}.block{opacity:.34}",
	".h0{fill:var(--h0)}.h1{fill:var(--h1)}.h2{fill:var(--h2)}",
	".h3{fill:var(--h3)}.h4{fill:var(--h4)}.h5{fill:var(--h5)}",
	".pw{fill:var(--wait)}.lw{stroke:var(--waitline);stroke-width:1.4}",
	".ps{fill:var(--stop)}.ls{stroke:var(--stopline);stroke-width:2}",
	".pz{fill:var(--zombie)}.lz{fill:var(--zombieline)}",
	".pe{fill:var(--exit)}.le{stroke:var(--exitline);stroke-width:1.4}",
	".pl{fill:var(--sleep)}.ll{stroke:var(--sleepline);stroke-width:1}",
	".lo{stroke:var(--bad);stroke-width:1.6}",
};

static const char * const patterns[] = {
	"<pattern id=\"wait\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">",
	"<rect class=\"pw\" width=\"6\" height=\"6\"/>",
	"<path class=\"lw\" d=\"M-1 1l2-2M0 6l6-6M5 7l2-2\"/></pattern>\n",
	"<pattern id=\"stop\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">",
	"<rect class=\"ps\" width=\"6\" height=\"6\"/>",
	"<path class=\"ls\" d=\"M1.5 0v6\"/></pattern>\n",
	"<pattern id=\"zombie\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\">",
	"<rect class=\"pz\" width=\"5\" height=\"5\"/>",
	"<circle class=\"lz\" cx=\"2.5\" cy=\"2.5\" r=\"1.1\"/></pattern>\n",
	"<pattern id=\"exiting\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">",
	"<rect class=\"pe\" width=\"6\" height=\"6\"/>",
	"<path class=\"le\" d=\"M0 0l6 6M6 0l-6 6\"/></pattern>\n",
	"<pattern id=\"sleep\" width=\"4\" height=\"4\" patternUnits=\"userSpaceOnUse\">",
	"<rect class=\"pl\" width=\"4\" height=\"4\"/>",
	"<path class=\"ll\" d=\"M0 2h4\"/></pattern>\n",
	"<pattern id=\"lost\" width=\"4\" height=\"4\" patternUnits=\"userSpaceOnUse\">",
	"<path class=\"lo\" d=\"M-1 5l6-6\"/></pattern>\n",
};

void svg_style(struct svg *svg)
{
	size_t i;

	fputs("<style>", svg->out);
	for (i = 0; i < ARRAY_SIZE(style); i++)
		fputs(style[i], svg->out);
	fputs("</style>\n<defs>\n", svg->out);
	for (i = 0; i < ARRAY_SIZE(patterns); i++)
		fputs(patterns[i], svg->out);
	fprintf(svg->out,
		"<clipPath id=\"names\"><rect x=\"0\" y=\"0\" width=\"%d\" height=\"%.0f\"/></clipPath>\n</defs>\n",
		SVG_MARGIN + SVG_NAMES - 4, svg->bottom);
}
