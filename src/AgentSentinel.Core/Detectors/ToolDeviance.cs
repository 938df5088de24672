namespace AgentSentinel.Core.Detectors;

/// <summary>How far calls are from the shares of their tools: begins without any tool, and is added up.</summary>
internal struct ToolDeviance()
{
    private double _largest;

    /// <summary>G for a degree of freedom.</summary>
    public double Deviance = 0;

    /// <summary>The degrees of freedom: one less than the tools that are expected.</summary>
    public double Degrees = -1;

    /// <summary>The place with most more calls than expected; −1 when none has more.</summary>
    public int Place { get; private set; } = -1;

    /// <summary>Adds a tool's part.</summary>
    public void Add(int place, bool isMore, double term)
    {
        Deviance += term;
        if (isMore && term > _largest)
        {
            (Place, _largest) = (place, term);
        }
    }
}
