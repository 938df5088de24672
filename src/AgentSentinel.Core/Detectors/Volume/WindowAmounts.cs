using System.Runtime.CompilerServices;
using AgentSentinel.Core.Windowing;

namespace AgentSentinel.Core.Detectors.Volume;

/// <summary>What the calls of a window bring with them: records, bytes, tokens, errors and denials, in this order.</summary>
[InlineArray(VolumeState.Channels - 1)]
internal struct WindowAmounts
{
    private double _first;

    /// <summary>Those of a window.</summary>
    public static WindowAmounts Of(AgentWindow window)
    {
        var amounts = default(WindowAmounts);
        amounts[0] = window.Records;
        amounts[1] = window.Bytes;
        amounts[2] = window.Tokens;
        amounts[3] = window.Errors;
        amounts[4] = window.Denials;
        return amounts;
    }
}
