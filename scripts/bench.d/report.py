"""Turns runs into medians, ratios and bars, and prints them."""

from statistics import median

COLUMNS = (("rate/s", "rate", "10.0f"), ("MB/s", "mb_per_s", "8.1f"), ("cpu_us", "cpu_us", "9.2f"),
           ("util", "cpu_share", "6.2f"), ("p50_us", "p50_us", "9.0f"),
           ("p99_us", "p99_us", "9.0f"), ("mean_us", "mean_us", "9.0f"),
           ("rss_kB", "rss_kb", "9.0f"))


def select(rows, **wanted):
    return [row for row in rows if all(row[key] == value for key, value in wanted.items())]


def middle(rows, field):
    return median(row[field] for row in rows) if rows else None


def ratio(rows, scenario, proxy, base):
    """The median over rounds of CPU per unit against `base` in the same round."""
    ratios = []
    for row in select(rows, scenario=scenario, proxy=proxy):
        other = select(rows, scenario=scenario, proxy=base, round=row["round"])
        if other and other[0]["cpu_us"] > 0 and row["cpu_us"] > 0:
            ratios.append(row["cpu_us"] / other[0]["cpu_us"])
    return median(ratios) if ratios else None


def per_stream_kb(rows, proxy):
    """Memory an open stream adds, in the scenario with the most of them."""
    held = [row for row in select(rows, proxy=proxy)
            if row["unit"] == "event" and not row["scenario"].startswith("burst")]
    if not held:
        return None
    most = max(row["connections"] for row in held)
    return median((row["rss_kb"] - row["rss_before_kb"]) / most
                  for row in held if row["connections"] == most)


def added_us(rows, proxy):
    """Median latency over the direct one at one connection."""
    through = middle(select(rows, scenario="ns1", proxy=proxy), "p50_us")
    direct = middle(select(rows, scenario="ns1", proxy="direct"), "p50_us")
    return through - direct if through and direct else None


def shown(value, form):
    width = form.split(".")[0]
    return f"{value:{form}}" if value is not None else f"{'-':>{width}}"


def print_scenario(rows, scenario, names):
    rounds = len({row["round"] for row in rows if row["scenario"] == scenario})
    unit = next(row["unit"] for row in rows if row["scenario"] == scenario)
    print(f"\n{scenario}: figures per {unit}, median of {rounds}")
    print(f"{'proxy':<13}" + "".join(f"{title:>{form.split('.')[0]}}" for title, _, form in COLUMNS)
          + f"{'r/nginx':>9}{'r/haproxy':>10}{'errors':>8}")
    for name in names + ["direct"]:
        own = select(rows, scenario=scenario, proxy=name)
        if not own:
            continue
        print(f"{name:<13}" + "".join(shown(middle(own, field), form) for _, field, form in COLUMNS)
              + shown(ratio(rows, scenario, name, "nginx"), "9.2f")
              + shown(ratio(rows, scenario, name, "haproxy"), "10.2f")
              + f"{sum(row['errors'] for row in own):>8}")


def summary(rows, rest, name):
    """The figures of one program that are not of one scenario."""
    bodies = [row for row in select(rows, proxy=name) if row["scenario"].startswith("body32m")]
    return rest.get(name, {}) | {
        "per_stream_kb": per_stream_kb(rows, name), "added_us": added_us(rows, name),
        "body_peak_kb": max((row["rss_peak_kb"] for row in bodies), default=None),
        "body_kept_kb": max((row["rss_kb"] - row["rss_before_kb"] for row in bodies), default=None)}


def print_rest(rows, rest, names):
    print("\nat rest and in memory")
    lines = (("stripped binary, MB", "binary_bytes", 1e6),
             ("exec to listening, ms", "listening_ms", 1),
             ("  fastest, ms", "listening_min_ms", 1), ("idle RSS, MB", "idle_rss_kb", 1e3),
             ("idle PSS, MB", "idle_pss_kb", 1e3), ("RSS per open stream, kB", "per_stream_kb", 1),
             ("added p50 at 1 connection, us", "added_us", 1),
             ("peak RSS, 32 MiB body, MB", "body_peak_kb", 1e3),
             ("RSS kept after it, MB", "body_kept_kb", 1e3))
    print(f"{'':<32}" + "".join(f"{name:>14}" for name in names))
    for title, field, scale in lines:
        values = [summary(rows, rest, name).get(field) for name in names]
        print(f"{title:<32}" + "".join(
            shown(None if value is None else value / scale, "14.2f") for value in values))


def worst_ratio(rows, scenario, name):
    ratios = [ratio(rows, scenario, name, base) for base in ("nginx", "haproxy")]
    return max((value for value in ratios if value is not None), default=None)


def bars(rows, rest, name="vertex-relay"):
    """(what, bound, measured, passed) of each bar; passed is None when it was not measured.

    A ratio counts against the leaner of nginx and haproxy.
    """
    own = summary(rows, rest, name)

    def scaled(field, scale):
        return None if own.get(field) is None else own[field] / scale

    measured = (("CPU per request at 32 connections, ratio", 0.85, worst_ratio(rows, "ns32", name)),
                ("CPU per event, 1000 streams x 20/s, ratio", 0.95,
                 worst_ratio(rows, "p1000", name)),
                ("RSS per open stream, kB", 35, own["per_stream_kb"]),
                ("stripped binary, MB", 8, scaled("binary_bytes", 1e6)),
                ("exec to listening, ms", 20, scaled("listening_ms", 1)),
                ("idle RSS, MB", 14, scaled("idle_rss_kb", 1e3)),
                ("peak RSS while a 32 MiB body passes, MB", 600, scaled("body_peak_kb", 1e3)),
                ("RSS kept one second after it, MB", 16, scaled("body_kept_kb", 1e3)))
    return [(what, bound, value, None if value is None else value <= bound)
            for what, bound, value in measured]


def print_bars(found):
    print("\nbars of vertex-relay")
    for what, bound, value, passed in found:
        word = {True: "pass", False: "MISS", None: "not measured"}[passed]
        print(f"  {what:<44}{shown(value, '10.2f')}  <= {bound:<6g} {word}")
