/// The style sheet of a report: system fonts, one column on a phone, figures side by side on a
/// desktop, dark if the system is dark, and light when printed.
package enum PageStyle {
  package static let sheet = """
    :root{color-scheme:light dark;\(PageColors.light.properties)}
    @media screen and (prefers-color-scheme:dark){:root{\(PageColors.dark.properties)}}
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
    body{margin:0;background:var(--ground);color:var(--text);
    font:1rem/1.5 system-ui,sans-serif;overflow-wrap:break-word}
    .page{max-width:68rem;margin:0 auto;padding:1rem 1rem 3rem}
    h1{font-size:1.7rem;line-height:1.25;margin:1rem 0 .25rem}
    h2{font-size:1.25rem;margin:2.75rem 0 .5rem;padding-top:.75rem;border-top:1px solid var(--rule)}
    h3{font-size:1.05rem;margin:2rem 0 .4rem}
    p{max-width:44rem;margin:.5rem 0}
    a{color:var(--link)}
    a:focus-visible,button:focus-visible,[tabindex]:focus-visible{outline:2px solid var(--link);
    outline-offset:2px}
    .quiet,figcaption,caption{color:var(--quiet);font-size:.9rem}
    .missing{border-left:3px solid var(--quiet);padding-left:.75rem;color:var(--quiet)}
    nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1rem;padding:0;margin:.75rem 0}
    dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,20rem),1fr));
    gap:.3rem 1.5rem;margin:.75rem 0}
    dt{color:var(--quiet);font-size:.9rem}
    dd{margin:0}
    .figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,26rem),1fr));
    gap:1rem;align-items:start;margin:.75rem 0}
    figure{margin:.75rem 0;min-width:0;break-inside:avoid}
    .figures>figure{margin:0;background:var(--panel);border:1px solid var(--rule);
    border-radius:.4rem;padding:.75rem}
    figcaption{margin-top:.4rem}
    img{max-width:100%;height:auto;image-rendering:pixelated;display:block}
    .scroll,pre{overflow-x:auto;max-width:100%}
    table{border-collapse:collapse;margin:.5rem 0;min-width:min(100%,30rem);font-variant-numeric:tabular-nums}
    caption{text-align:left;padding-bottom:.3rem}
    th,td{text-align:left;vertical-align:top;padding:.25rem .9rem .25rem 0;
    border-bottom:1px solid var(--rule);font-weight:400}
    thead th{color:var(--quiet);font-size:.9rem;vertical-align:bottom}
    td:not(.number){min-width:7rem}
    tbody th{min-width:5.5rem}
    @media screen and (max-width:40rem){tbody th{overflow-wrap:anywhere}}
    .number{text-align:right;white-space:nowrap}
    pre{background:var(--panel);border:1px solid var(--rule);border-radius:.4rem;padding:.75rem;
    font:.85rem/1.45 ui-monospace,monospace}
    ul.pictures{list-style:none;display:flex;flex-wrap:wrap;gap:.75rem;padding:0;margin:.5rem 0}
    ul.small{display:grid;grid-template-columns:repeat(auto-fill,minmax(6.9rem,1fr))}
    ul.pictures li{font-size:.85rem;line-height:1.35;max-width:100%;break-inside:avoid}
    ul.pictures img{margin-bottom:.25rem}
    .chart{display:block;width:100%;max-width:29rem;height:auto;overflow:visible}
    .wide{min-width:44rem;max-width:none}
    .chart text{font-size:12px;fill:var(--text)}
    .chart .small{font-size:9px}
    path{fill:none}
    .grid{stroke:var(--rule)}
    .axis{stroke:var(--quiet)}
    .line{stroke:var(--c);stroke-width:2;stroke-linejoin:round}
    .dashed{stroke-dasharray:6 4}
    .mark,.bar,.dots{fill:var(--c)}
    .dots{opacity:.75}
    .area{fill:var(--c);fill-opacity:.25;stroke:var(--c);stroke-width:1.5}
    .ring{stroke:var(--text);stroke-width:1.5}
    .level{stroke:var(--text);stroke-width:1.5;stroke-dasharray:2 3}
    .shade{fill:var(--shade)}
    \((0..<PageColors.seriesCount).map { ".s\($0){--c:var(--s\($0))}" }.joined())
    .legend{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1rem;padding:0;margin:.4rem 0 0;
    font-size:.9rem}
    .legend li{display:flex;align-items:center;gap:.4rem;min-width:0}
    .legend svg{flex:none}
    .skip:not(:focus){position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
    .spots{position:relative;max-width:29rem}
    .spot{position:absolute;width:1.5rem;height:1.5rem;margin:-.75rem 0 0 -.75rem;padding:0;border:0;
    border-radius:50%;background:none;color:inherit;font:inherit}
    .spot::before{content:"";position:absolute;left:50%;top:50%;width:9px;height:9px;
    margin:-4.5px;border:1.5px solid var(--text);border-radius:50%}
    .card{display:none;position:absolute;z-index:2;left:1.5rem;top:1.5rem;width:max-content;
    max-width:10rem;padding:.4rem;border:1px solid var(--quiet);border-radius:.3rem;
    background:var(--panel);color:var(--text);font-size:.85rem;line-height:1.3;text-align:left;
    pointer-events:none}
    .before .card{left:auto;right:1.5rem}
    .above .card{top:auto;bottom:1.5rem}
    .spot:hover,.spot:focus{z-index:3}
    .spot:hover .card,.spot:focus .card{display:block}
    .picture{display:block;background-image:var(--sprite);background-repeat:no-repeat;
    image-rendering:pixelated;margin-bottom:.25rem}
    .share{min-width:7rem}
    .share span{display:block;height:.7rem;margin-top:.4rem;background:var(--s0)}
    @media print{
    :root{color-scheme:light}
    body{background:none;font-size:10pt}
    .page{max-width:none;padding:0}
    nav,.spot,.skip{display:none}
    h2,h3{break-after:avoid}
    tr,li{break-inside:avoid}
    thead{break-after:avoid}
    td{overflow-wrap:anywhere}
    .scroll,pre{overflow:visible}
    pre{white-space:pre-wrap}
    .wide{min-width:0}
    .figures{grid-template-columns:1fr 1fr}
    .share span{print-color-adjust:exact;-webkit-print-color-adjust:exact}
    }
    """
}
