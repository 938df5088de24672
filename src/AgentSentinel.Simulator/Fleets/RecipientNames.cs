using System.Globalization;
using AgentSentinel.Simulator.Randomness;

namespace AgentSentinel.Simulator.Fleets;

/// <summary>Names of people and companies outside. Ordinary and incidents' recipients look alike.</summary>
internal static class RecipientNames
{
    private static readonly string[] People =
    [
        "anna.berg", "b.okafor", "carla.diaz", "d.novak", "elif.kaya", "f.moreau", "greta.lund", "h.tanaka", "ines.costa", "j.walker",
        "k.ivanova", "luca.ferri", "m.haddad", "nora.quinn", "o.petrov", "priya.nair", "r.schmidt", "sofia.reyes", "t.nguyen", "w.kowalski",
        "accounts", "billing", "info", "office", "orders", "reports", "service", "team",
    ];

    private static readonly string[] Companies =
    [
        "alder-works", "blue-harbor", "cobalt-trade", "delta-freight", "elm-street", "fjord-labs", "granite-partners", "harvest-foods",
        "iris-media", "juniper-retail", "kestrel-air", "lumen-grid", "maple-legal", "north-quay", "opal-health", "pine-logistics",
        "quartz-bank", "river-tools", "slate-design", "tern-energy", "umber-paint", "vale-insurance", "willow-care", "zephyr-travel",
    ];

    // The top-level domain is reserved for examples (RFC 2606): nobody gets mail from a simulation.
    public static string Draw(SeededRandom random) => string.Create(
        CultureInfo.InvariantCulture, $"{random.Pick(People)}@{random.Pick(Companies)}.example");
}
