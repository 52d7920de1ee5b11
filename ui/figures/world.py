"""Where: a map of the world."""

import altair as alt

from ui.figures.base import ROWS, Drawing, figure, pick
from ui.figures.shapes import address

QUIET = "#8A857B"  # with little opacity it is quiet on paper and on dark
CIRCLE = 4.5  # pixels


@figure
def world(
    label: str,
    form: str,
    *,
    filters: bool,
    picked: str = "pick_country",
    least: float | None = None,
    about: str = "Most played",
    height: int = 340,
) -> Drawing:
    """Return the map of ``value`` by country; what is too small to see has a circle over it.

    Rows: ``country`` (two letters), ``name``, ``value``, ``about`` (words for the tooltip, called so), and ``picked``
    where ``filters``. ``least``: the value of the palest, where that is not 0; below the smallest, so that it is seen.
    """
    ground, marks = (
        alt.UrlData(url=address(), format=alt.TopoDataFormat(type="topojson", feature=feature))
        for feature in ("countries", "marks")
    )
    land = alt.Chart(ground).mark_geoshape(fill=QUIET, fillOpacity=0.22, stroke=None, tooltip=None)
    heard = (
        alt.Chart(ROWS)
        .transform_lookup(lookup="country", from_=alt.LookupData(data=marks, key="id"), as_="shape")
        .transform_filter("isValid(datum.shape)")
        .mark_geoshape(stroke=QUIET, strokeWidth=0.5)
        .encode(
            shape=alt.Shape("shape:G", type="geojson"),
            color=alt.Color(
                "value:Q",
                scale=alt.Scale(domainMin=least, nice=False) if least else alt.Scale(domainMin=0, type="symlog"),
                legend=alt.Legend(
                    title=label, orient="bottom", gradientLength=160, gradientThickness=8, tickCount=3, format=form
                ),
            ),
            tooltip=[
                alt.Tooltip("name:N", title="Country"),
                alt.Tooltip("value:Q", title=label, format=form),
                alt.Tooltip("about:N", title=about),
            ],
        )
    )
    heard = heard.add_params(pick(picked)) if filters else heard
    return alt.layer(land, heard).project(type="naturalEarth1", pointRadius=CIRCLE).properties(height=height)
