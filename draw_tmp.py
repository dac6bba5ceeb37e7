import sys
from ascentcheck.figures import headless
import importlib, json
from pathlib import Path
sys.path.insert(0,"tests/figures")
spec=importlib.util.spec_from_file_location("conf","tests/figures/conftest.py"); m=importlib.util.module_from_spec(spec); spec.loader.exec_module(m)
rows=m.rows.__wrapped__() if hasattr(m.rows,"__wrapped__") else m.rows.__pytest_wrapped__.obj()
from dataclasses import replace
if "many" in sys.argv:
    extra=[]
    for k,name in enumerate(["fine-tune","neg-grad-plus","rewind","noisy-descent","oracle-matching","npo"]):
        extra += [replace(r, method=name, job=r.job.replace("gda",name)) for r in rows if r.method=="gda" and not (name=="npo" and r.forget_set.startswith("random"))]
    rows = rows+extra
from ascentcheck.figures.draw import draw
for n in sys.argv[1:]:
    if n.isdigit():
        d=draw(int(n), rows, "toy", Path("/tmp/fig"), ("png",)); print(d.caption, getattr(d,"table",""))
