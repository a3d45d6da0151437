"""The one style sheet of the kit: JupyterLab's own colours, state never by colour alone, 4.5:1 contrast.

overflow-anchor: after Shift+Enter the browser would hold the next cell in its place while a form grows above it, and
so move the top of the form off the screen.
"""

CSS = """
.spamlab{font-family:var(--jp-ui-font-family,sans-serif);font-size:14px;line-height:1.5;
 color:var(--jp-ui-font-color1,#1a1a1a);max-width:860px}
.spamlab p{margin:0 0 .5em}
.spamlab p:last-child{margin-bottom:0}
.spamlab h4,.spamlab h5{margin:0 0 .35em;font-size:16px;line-height:1.3;font-weight:600;color:inherit}
.spamlab h5{font-size:14px;margin-top:.2em}
.spamlab .spamlab-code{font-family:var(--jp-code-font-family,monospace)!important;font-size:13px!important;
 unicode-bidi:isolate;direction:ltr;background:transparent!important;padding:0!important;color:inherit!important;
 overflow-wrap:normal;white-space:pre-wrap}
.spamlab .spamlab-code.long{overflow-wrap:anywhere}
.spamlab .spamlab-scroll{overflow-x:auto}
.spamlab table,.spamlab-table{border-collapse:collapse;margin:.4em 0;font-size:13px;width:100%;table-layout:auto}
.spamlab table caption{caption-side:top;text-align:start;font-weight:600;font-size:14px;padding:0 0 .35em;color:inherit}
.spamlab table th,.spamlab table td{border:1px solid var(--jp-border-color1,#bdbdbd);padding:4px 8px;
 text-align:start!important;vertical-align:top;white-space:normal;max-width:none}
.spamlab table thead th{background:var(--jp-layout-color2,#eee);font-weight:600}
.spamlab table tbody th{font-weight:600;white-space:nowrap}
.spamlab table tbody tr{background:transparent!important}
.spamlab .spamlab-fold{margin:.3em 0}
.spamlab summary{cursor:pointer;padding:3px 0;font-weight:600}
.spamlab summary:focus-visible{outline:2px solid var(--jp-brand-color1,#1976d2);outline-offset:2px}
.spamlab-box{border:1px solid var(--jp-border-color0,#8a8a8a);border-inline-start-width:6px;border-radius:3px;
 padding:10px 14px;margin:8px 0 4px;background:var(--jp-layout-color1,#fff)}
.spamlab-box.right,.spamlab-box.saved{border-inline-start-color:#2e7d32}
.spamlab-box.part{border-inline-start-color:#1565c0}
.spamlab-box.not-yet,.spamlab-box.error,.spamlab-box.stale{border-inline-start-color:#b26a00}
.spamlab-box.form,.spamlab-box.missing,.spamlab-box.kept{border-inline-start-color:#757575}
.spamlab-word{font-weight:700;margin-inline-end:.4em}
.spamlab-quiet{color:var(--jp-ui-font-color1,#1a1a1a);opacity:.78}
.spamlab .spamlab-text{white-space:pre-wrap;word-break:normal;overflow-wrap:break-word;margin:0;padding:10px 14px;
 border:1px solid var(--jp-border-color1,#bdbdbd);border-radius:3px;font-size:13px;line-height:1.5;max-width:100%;
 font-family:var(--jp-code-font-family,monospace);color:inherit;background:transparent}
.jp-WindowedPanel-outer{overflow-anchor:none}
.spamlab svg{display:block;max-width:100%;height:auto;background:#fff}
"""

FORM_CSS = """
.spamlab-form{max-width:880px;width:100%;min-width:0;padding:2px;overflow:visible;container-type:inline-size}
.spamlab-form .widget-box,.spamlab-form .widget-html,.spamlab-form .spamlab-field{min-width:0}
.spamlab-form .widget-html-content,.spamlab-form .jupyter-widget-html-content{line-height:1.5;white-space:normal;
 min-width:0;max-width:100%}
.spamlab-form .widget-html,.spamlab-form .jupyter-widget-html{height:auto;width:auto;margin:0;overflow:visible}
.spamlab-part{border:1px solid var(--jp-border-color1,#bdbdbd);border-radius:4px;padding:12px 16px!important;
 margin:0 0 14px!important;overflow:visible;background:var(--jp-layout-color1,#fff)}
.spamlab-part.twin{border-style:solid;border-width:2px;border-color:var(--jp-border-color0,#8a8a8a)}
.spamlab-form .widget-box,.spamlab-form .jupyter-widget-box{overflow:visible}
.spamlab-form .spamlab-field.widget-inline-hbox,.spamlab-form .spamlab-field{flex-direction:column!important;
 align-items:stretch!important;height:auto!important;width:auto!important;margin:8px 0!important;max-width:100%}
.spamlab-form .spamlab-field>.widget-label,.spamlab-form .spamlab-field>label{width:auto!important;
 max-width:100%!important;
 text-align:start!important;white-space:normal!important;overflow:visible!important;height:auto!important;
 line-height:1.45!important;font-size:14px;color:var(--jp-ui-font-color1,#1a1a1a);margin:0 0 3px!important;padding:0}
.spamlab-form .spamlab-field.code>.widget-label{font-family:var(--jp-code-font-family,monospace);font-size:13px;
 unicode-bidi:plaintext;overflow-wrap:anywhere}
.spamlab-form .spamlab-field input[type=text],.spamlab-form .spamlab-field select{max-width:420px;
 font-size:14px!important; height:32px!important;border:1px solid var(--jp-border-color0,#767676)!important;width:100%}
.spamlab-form .spamlab-field select,.spamlab-form .spamlab-field input[type=text]{flex:0 0 auto!important;
 line-height:normal}
.spamlab-form .spamlab-field select{max-width:640px}
.spamlab-form .spamlab-field.script textarea{font-family:var(--jp-code-font-family,monospace)!important;direction:ltr}
.spamlab-form .spamlab-field textarea{font-family:var(--jp-ui-font-family,sans-serif);font-size:14px!important;
 line-height:1.5!important;max-width:100%;border:1px solid var(--jp-border-color0,#767676)!important;resize:vertical}
.spamlab-form .spamlab-field.sentences textarea{field-sizing:content;min-height:calc(3em + 10px)!important;
 max-height:50vh}
.spamlab-form .spamlab-field .widget-radio-box{width:auto!important;height:auto!important;margin:0!important;
 padding:0!important;max-width:100%;gap:2px}
.spamlab-form .spamlab-field .widget-radio-box label{white-space:normal!important;height:auto!important;
 line-height:1.4!important;padding:3px 0!important;font-size:14px!important;margin:0!important;display:flex;
 align-items:baseline;gap:6px;max-width:100%;overflow:visible!important;width:auto!important}
.spamlab-form .spamlab-field.short .widget-radio-box{flex-direction:row!important;flex-wrap:wrap;gap:20px!important}
.spamlab-form .spamlab-field .widget-radio-box input{margin:0!important;float:none!important;position:relative;top:1px;
 order:-1;flex:none;width:15px;height:15px}
.spamlab-form .spamlab-field.check{align-items:flex-start!important}
.spamlab-form .spamlab-field.check label{display:flex!important;align-items:baseline;justify-content:flex-start;gap:8px;
 font-size:14px!important;white-space:normal!important;height:auto!important;line-height:1.4!important;width:auto!important}
.spamlab-form .spamlab-field.check input{flex:none!important;width:15px!important;height:15px;margin:0!important;
 position:relative;top:2px}
.spamlab-form .spamlab-field.check span{flex:none;max-width:100%}
.spamlab-form .spamlab-cell{margin:0!important}
.spamlab-form .spamlab-cell>.widget-label{position:absolute!important;width:1px!important;height:1px!important;
 overflow:hidden!important;clip-path:inset(50%);white-space:nowrap!important;margin:-1px!important}
.spamlab-form .spamlab-cell select,.spamlab-form .spamlab-cell input[type=text]{max-width:none;min-width:0}
.spamlab-grid{gap:6px 12px!important;align-items:center;margin:6px 0!important}
.spamlab-head{font-weight:600}
.spamlab-form button.jupyter-button,.spamlab-form .jupyter-button{width:auto!important;height:32px!important;
 line-height:30px!important;padding:0 14px!important;font-size:14px!important;margin:4px 8px 4px 0!important;
 border:1px solid var(--jp-border-color0,#767676)!important;border-radius:3px;
 color:var(--jp-ui-font-color1,#1a1a1a)!important;background:var(--jp-layout-color2,#eee)!important}
.spamlab-form .jupyter-button.save{margin-top:12px!important;font-weight:600;
 border-width:2px!important;line-height:28px!important; border-color:var(--jp-ui-font-color1,#1a1a1a)!important}
.spamlab-form .jupyter-button:disabled{opacity:1!important;color:var(--jp-ui-font-color2,#5f5f5f)!important;
 border-style:dashed!important;background:transparent!important;cursor:default}
.spamlab-form .jupyter-button:focus-visible,.spamlab-form input:focus-visible,.spamlab-form select:focus-visible,
.spamlab-form textarea:focus-visible{outline:3px solid var(--jp-brand-color1,#1976d2)!important;outline-offset:1px}
.spamlab-order-row{align-items:center!important;border-bottom:1px solid var(--jp-border-color2,#ddd);
 padding:3px 0!important;gap:8px}
.spamlab-order-row .jupyter-button{height:30px!important;padding:0 10px!important;margin:0 4px 0 0!important;
 min-width:64px!important;flex:0 0 auto!important;overflow:visible!important}
.spamlab-order-row .widget-html{min-width:0}
.spamlab-order-row.out .spamlab-order-label{text-decoration:line-through}
.spamlab-form button.jupyter-button,.spamlab-form .jupyter-button{flex:0 0 auto!important;max-width:100%}
.spamlab-form button.jupyter-button.spamlab-hint,
.spamlab-form button.jupyter-button.save{white-space:normal!important;height:auto!important;
 min-height:32px;line-height:1.4!important;padding:4px 14px!important;text-align:start!important}
.spamlab-save-row{flex-wrap:wrap!important}
.spamlab-form .spamlab-grid select,.spamlab-form .spamlab-grid input{width:100%!important}
.spamlab-policy-body{border-inline-start:4px solid var(--jp-border-color1,#bdbdbd);padding:4px 0 8px!important;
 padding-inline-start:14px!important;margin:0 0 6px!important}
.spamlab-policy-fields{display:grid!important;grid-template-columns:repeat(auto-fill,minmax(min(320px,100%),1fr));
 gap:4px 28px!important;align-items:start}
.spamlab-policy-many{margin:8px 0!important}
.spamlab-form .spamlab-policy-many .spamlab-field.check{margin:2px 0!important}
.spamlab-form .spamlab-field.check>.widget-label:not(.widget-label-basic){display:none!important}
.spamlab-group,.spamlab-policy .spamlab-order-label{font-size:14px}
.spamlab-policy-add{border:1px dashed var(--jp-border-color0,#767676);border-radius:3px;padding:8px 14px!important;
 margin:10px 0!important}
.spamlab-policy-pair{display:grid!important;grid-template-columns:repeat(auto-fit,minmax(min(240px,100%),1fr));
 gap:0 28px!important}
.spamlab-form .spamlab-policy-add button.jupyter-button{white-space:normal!important}
.spamlab-wide img{min-width:600px}
@container (max-width:620px){
.spamlab-form .spamlab table tbody th{white-space:normal}
.spamlab-form .spamlab-grid{grid-template-columns:minmax(0,1fr)!important}
.spamlab-form .spamlab-grid .spamlab-column{display:none!important}
.spamlab-form .spamlab-cell>.widget-label,.spamlab-form .spamlab-cell>label{position:static!important;
 width:auto!important;height:auto!important;clip-path:none!important;margin:0 0 3px!important;
 white-space:normal!important;overflow:visible!important}
.spamlab-form .spamlab-order-row{flex-wrap:wrap!important}
.spamlab-form .spamlab-field.short .widget-radio-box{gap:6px 20px!important}
.spamlab-part{padding:10px!important}
}
"""
