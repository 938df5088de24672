using System.Globalization;

namespace AgentSentinel.Core.Detection;

/// <summary>Amounts as people read them, in the invariant culture: <c>2.6 MB</c>, <c>12,060 records</c>, <c>0.5 calls</c>.</summary>
internal static class Quantity
{
    private static readonly string[] Sizes = ["bytes", "kB", "MB", "GB", "TB", "PB"];

    /// <summary>An amount with its unit.</summary>
    /// <param name="amount">At least 0.</param>
    /// <param name="unit">In plural; bytes become larger units of a thousand each.</param>
    public static string Of(double amount, string unit)
    {
        if (unit != Sizes[0])
        {
            return $"{Of(amount)} {unit}";
        }

        var size = 0;
        for (; Math.Round(amount) >= 1000 && size < Sizes.Length - 1; size++)
        {
            amount /= 1000;
        }

        return $"{Of(amount)} {Sizes[size]}";
    }

    /// <summary>A number: a digit after the point while there are few before it.</summary>
    public static string Of(double amount) => amount.ToString(amount < 100 ? "0.#" : "#,0", CultureInfo.InvariantCulture);
}
