using System.ComponentModel;
using AgentSentinel.Service.Options;

namespace AgentSentinel.Service.Tests.Options;

internal sealed record SampleSectionOptions : IValidatedOptions
{
    public int Smallest { get; init; } = 1;

    public int Largest { get; init; } = 10;

    public TimeSpan Pause { get; init; }

    [PasswordPropertyText(true)]
    public string Token { get; init; } = "";

    public IEnumerable<string> Validate()
    {
        if (Smallest > Largest)
        {
            yield return "Smallest must not be over Largest.";
        }

        if (Pause < TimeSpan.Zero)
        {
            yield return "Pause: must not be negative.";
        }
    }
}
