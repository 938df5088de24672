using System.Globalization;
using AgentSentinel.Core.Events;
using AgentSentinel.Simulator.Habits;
using AgentSentinel.Simulator.Randomness;

namespace AgentSentinel.Simulator.Fleets;

/// <summary>Draws the agents of a fleet, each from its own stream of chance: agent 7 is the same in a fleet of ten and of a thousand.</summary>
internal static class FleetBuilder
{
    private const int FewestTools = 3;
    private const double ToolLeftOutShare = 0.15;
    private const double ExplorerShare = 0.3;
    private const double MixerShare = 0.25;
    private const double NewToolShare = 0.5;

    public static SimulatedAgent[] Build(SimulationOptions options, Timeline timeline)
    {
        Dictionary<string, int> namesakes = [];
        SimulatedAgent[] fleet = new SimulatedAgent[options.Agents];
        for (int ordinal = 0; ordinal < fleet.Length; ordinal++)
        {
            SeededRandom random = new(options.Seed, RandomStream.Agent, ordinal);
            Habit habit = RoutineCatalogue.HabitOf(ordinal, options.Kinds);
            AgentPurpose[] suitable = [.. PurposeCatalogue.All.Where(purpose => purpose.Suits(habit))];
            AgentPurpose purpose = random.Pick(suitable);
            int namesake = namesakes[purpose.Name] = namesakes.GetValueOrDefault(purpose.Name) + 1;
            fleet[ordinal] = Draw(ordinal, string.Create(CultureInfo.InvariantCulture, $"{purpose.Name}-{namesake:d2}"), habit, purpose, timeline, random);
        }

        return fleet;
    }

    private static SimulatedAgent Draw(int ordinal, string id, Habit habit, AgentPurpose purpose, Timeline timeline, SeededRandom random)
    {
        // The order of the draws is part of what a seed means: add at the end.
        SimulatedTool[] tools = DrawTools(purpose, random);
        bool isExplorer = random.Chance(ExplorerShare);
        IRoutine routine = RoutineCatalogue.Draw(habit, timeline, random);
        ToolOrder toolOrder = new(tools, random);
        ResourcePool datasets = DrawDatasets(purpose, isExplorer, timeline, random);
        ResourcePool recipients = DrawRecipients(isExplorer, timeline, random);
        double sizeFactor = random.LogNormal(1, 0.5);
        double sizeSigma = random.Uniform(0.4, 1.1);
        double tokens = random.LogNormal(650, 0.6);
        double datasetLoyalty = random.Uniform(0.4, 0.9);
        double joinShare = random.Uniform(0, 0.15);
        string credential = string.Create(CultureInfo.InvariantCulture, $"cred-{ordinal:d4}-{random.NextBits() >> 40:x6}");
        string version = DrawVersion(random);

        // Agent-specific 0.2 to 4 % for both together; denials are the rarer half.
        double errorRate = random.LogUniform(0.0015, 0.025);
        double denialRate = random.LogUniform(0.0005, 0.015);
        AgentDesign design = new()
        {
            Purpose = purpose,
            Routine = routine,
            ReadingTool = ReadingToolOf(tools),
            Deployments = DrawDeployments(new Deployment(0, version, toolOrder, sizeFactor), routine, tools, random),
            Datasets = datasets,
            Recipients = recipients,
            SizeSigma = sizeSigma,
            Tokens = tokens,
            DatasetLoyalty = datasetLoyalty,
            JoinShare = joinShare,
            MixesData = datasets.Resources.Any(dataset => dataset.IsSensitive) && random.Chance(MixerShare),
        };
        return new SimulatedAgent(design)
        {
            Ordinal = ordinal,
            Id = id,
            Habit = habit,
            Tools = tools,
            IsExplorer = isExplorer,
            CredentialId = credential,
            Principal = $"team:{purpose.PeerGroup}",
            ErrorRate = errorRate,
            DenialRate = denialRate,
        };
    }

    private static string DrawVersion(SeededRandom random) =>
        string.Create(CultureInfo.InvariantCulture, $"{1 + random.Below(4)}.{random.Below(12)}.{random.Below(20)}-{random.NextBits() >> 36:x7}");

    private static Deployment[] DrawDeployments(Deployment first, IRoutine routine, SimulatedTool[] tools, SeededRandom random)
    {
        if (routine is not ChangingRoutine { Law: RedeployLaw law })
        {
            return [first];
        }

        // What a version can use that the ones before it could not: any tool but the first, which reads.
        int newcomer = tools.Length > 2 && random.Chance(NewToolShare) ? 1 + random.Below(tools.Length - 1) : -1;
        List<Deployment> deployments = [newcomer < 0 ? first : first with { ToolOrder = new ToolOrder(Without(tools, newcomer), random) }];
        foreach (long moment in law.Moments)
        {
            deployments.Add(new Deployment(moment, DrawVersion(random), new ToolOrder(tools, random), first.SizeFactor * random.LogUniform(0.7, 1.4)));
        }

        return [.. deployments];
    }

    private static SimulatedTool[] Without(SimulatedTool[] tools, int position) =>
        [.. tools.Select((tool, i) => i == position ? tool with { Weight = 0 } : tool)];

    private static SimulatedTool[] DrawTools(AgentPurpose purpose, SeededRandom random)
    {
        List<SimulatedTool> tools = [];
        for (int i = 0; i < purpose.Tools.Count; i++)
        {
            int stillToCome = purpose.Tools.Count - i - 1;
            bool isLeftOut = i > 0 && tools.Count + stillToCome >= FewestTools && random.Chance(ToolLeftOutShare);
            if (!isLeftOut)
            {
                tools.Add(purpose.Tools[i] with { Weight = purpose.Tools[i].Weight * random.Gamma(4, 1) });
            }
        }

        return [.. tools];
    }

    private static SimulatedTool ReadingToolOf(SimulatedTool[] tools) => tools
        .Where(tool => tool.Action == ToolAction.Read && tool.Target == ToolTarget.Dataset)
        .MaxBy(tool => (tool.Records > 1, tool.Records is not null, tool.Weight))!;

    private static ResourcePool DrawDatasets(AgentPurpose purpose, bool isExplorer, Timeline timeline, SeededRandom random)
    {
        // Peers agree roughly on what is popular: the group's order, perturbed.
        string[] names = [.. purpose.Datasets];
        double[] order = [.. names.Select((_, rank) => rank + (4 * random.Normal()))];
        Array.Sort(order, names);
        List<(string Name, bool IsSensitive)> candidates = [.. names.Select(name => (name, false))];
        int known = isExplorer ? 3 + random.Below(5) : 4 + random.Below(10);
        if (random.Chance(0.3))
        {
            // Some agents need one of the sensitive datasets for their ordinary work, seldom.
            candidates.Insert(known - 1, (random.Pick(purpose.SensitiveDatasets), true));
        }

        return ResourcePool.Draw(candidates, known, isExplorer ? random.LogUniform(0.03, 0.5) : 0, timeline, random);
    }

    private static ResourcePool DrawRecipients(bool isExplorer, Timeline timeline, SeededRandom random)
    {
        (string Name, bool IsSensitive)[] candidates =
            [.. Enumerable.Range(0, 40).Select(_ => (RecipientNames.Draw(random), false)).Distinct()];
        int known = 2 + random.Below(10);

        // New customers turn up for everybody, more often for explorers.
        double newPerDay = isExplorer ? random.LogUniform(0.1, 0.6) : random.LogUniform(0.01, 0.1);
        return ResourcePool.Draw(candidates, known, newPerDay, timeline, random);
    }
}
