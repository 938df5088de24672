namespace AgentSentinel.Benchmarks;

/// <summary>How an agent of a <see cref="CountFleet"/> spends its days.</summary>
internal enum CountHabit
{
    Steady,
    Diurnal,
    Office,
    Cron,
    Sparse,
    Sessions,
    Growing,
    Redeployed,
}
