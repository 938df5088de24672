namespace AgentSentinel.Core.Detectors;

/// <summary>How far calls are from the shares of their tools.</summary>
/// <param name="deviance">See <see cref="Deviance"/>.</param>
/// <param name="degrees">See <see cref="Degrees"/>.</param>
/// <param name="place">See <see cref="Place"/>.</param>
/// <param name="largest">The term of that place.</param>
internal struct ToolDeviance(double deviance, double degrees, int place, double largest)
{
    private double _largest = largest;

    /// <summary>G for a degree of freedom.</summary>
    public double Deviance = deviance;

    /// <summary>The degrees of freedom.</summary>
    public double Degrees = degrees;

    /// <summary>The place with most more calls than expected; −1 when none has more.</summary>
    public int Place { get; private set; } = place;

    public void Add(int place, bool isMore, double term)
    {
        Deviance += term;
        if (isMore && term > _largest)
        {
            (Place, _largest) = (place, term);
        }
    }
}
