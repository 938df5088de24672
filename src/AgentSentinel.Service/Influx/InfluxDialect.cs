namespace AgentSentinel.Service.Influx;

/// <summary>Which of InfluxDB's ways to write is used. Reading goes through <c>/query</c>, which all of them have.</summary>
public enum InfluxDialect
{
    /// <summary><c>/write</c>: every InfluxDB from 1.6 on, and most of what imitates it.</summary>
    V1,

    /// <summary><c>/api/v2/write</c>: InfluxDB 1.8, 2 and 3, VictoriaMetrics.</summary>
    V2,

    /// <summary><c>/api/v3/write_lp</c>: InfluxDB 3.</summary>
    V3,
}
