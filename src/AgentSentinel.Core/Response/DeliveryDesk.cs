using AgentSentinel.Core.Incidents;

namespace AgentSentinel.Core.Response;

/// <summary>Notes what became of orders. A report never causes an order.</summary>
internal sealed class DeliveryDesk(ResponseMemory memory, SuspensionDesk desk)
{
    public void Note(DeliveryReport report, ResponseOutput output)
    {
        if (memory.Suspensions.Find(report.SuspensionId) is not { } suspension)
        {
            return;
        }

        // A report about what was never ordered, or about a suspension whose lift is on its way, tells nothing that counts.
        if (report.MessageId == ResponseId.OfLift(suspension.Id) && suspension.State == SuspensionState.Lifting)
        {
            OfLift(suspension, report, output);
        }
        else if (report.MessageId == suspension.Id && suspension.IsInForce)
        {
            OfOrder(suspension, report, output);
        }
    }

    private void OfOrder(Suspension suspension, DeliveryReport report, ResponseOutput output)
    {
        switch (report.Outcome)
        {
            case DeliveryOutcome.Delivered:
            case DeliveryOutcome.Failing when report.Verification == VerificationOutcome.Contradicted:
                Delivered(suspension, report, output);
                break;
            case DeliveryOutcome.Failing when suspension.State == SuspensionState.Ordered:
                Failing("suspension", suspension, report, output);
                break;
            case DeliveryOutcome.Undeliverable when suspension.State is SuspensionState.Ordered or SuspensionState.Undeliverable or SuspensionState.Contradicted:
                memory.Suspensions.Move(suspension, SuspensionState.Undeliverable);
                GivenUp("suspension", suspension, report, output);
                break;
            default:
                // It has been delivered: what failed before no longer matters.
                break;
        }
    }

    private void Delivered(Suspension suspension, DeliveryReport report, ResponseOutput output)
    {
        var verification = report.Verification ?? VerificationOutcome.NotVerifiable;
        var isFirst = suspension.State is SuspensionState.Ordered or SuspensionState.Undeliverable;

        // The answer of the receiver says nothing once reading back has spoken; a later reading may say otherwise than an earlier one.
        if (!isFirst && (verification == suspension.Verification || verification is VerificationOutcome.Pending or VerificationOutcome.NotVerifiable))
        {
            return;
        }

        suspension.Verification = verification;
        suspension.ResidualAccess = report.ResidualAccess ?? suspension.ResidualAccess;
        var residual = suspension.ResidualAccess is { } left && left > TimeSpan.Zero ? $"; access granted before may go on for {left:c}" : "";
        switch (verification)
        {
            case VerificationOutcome.Pending:
                memory.Suspensions.Move(suspension, SuspensionState.Delivered);
                desk.Alert(suspension, AlertKind.SuspensionDelivered, memory.Now, $"suspension accepted by the receiver after {report.Attempts} attempt(s); being read back{residual}", output);
                break;
            case VerificationOutcome.Contradicted:
                memory.Suspensions.Move(suspension, SuspensionState.Contradicted);
                desk.Alert(suspension, AlertKind.SuspensionContradicted, memory.Now, "suspension accepted by the receiver, but read back it is not in effect: act by hand", output);
                break;
            case VerificationOutcome.Verified:
                memory.Suspensions.Move(suspension, SuspensionState.Confirmed);
                desk.Alert(suspension, AlertKind.SuspensionConfirmed, memory.Now, $"suspension is in effect, read back after {report.Attempts} attempt(s){residual}", output);
                break;
            default:
                memory.Suspensions.Move(suspension, SuspensionState.Confirmed);
                desk.Alert(suspension, AlertKind.SuspensionConfirmed, memory.Now, $"suspension accepted by the receiver after {report.Attempts} attempt(s); this receiver cannot be read back{residual}", output);
                break;
        }
    }

    private void OfLift(Suspension suspension, DeliveryReport report, ResponseOutput output)
    {
        switch (report.Outcome, report.Verification)
        {
            case (DeliveryOutcome.Delivered, VerificationOutcome.Pending):
                suspension.Verification ??= VerificationOutcome.Pending;
                memory.Suspensions.Changed(suspension);
                break;
            case (DeliveryOutcome.Delivered or DeliveryOutcome.Failing, VerificationOutcome.Contradicted) when suspension.Verification != VerificationOutcome.Contradicted:
                suspension.Verification = VerificationOutcome.Contradicted;
                memory.Suspensions.Changed(suspension);
                desk.Alert(suspension, AlertKind.SuspensionContradicted, memory.Now, "lift accepted by the receiver, but read back the suspension is still in effect: act by hand", output);
                break;
            case (DeliveryOutcome.Delivered or DeliveryOutcome.Failing, VerificationOutcome.Contradicted):
                break;
            case (DeliveryOutcome.Delivered, null or VerificationOutcome.NotVerifiable) when suspension.Verification is not null:
                // Being read back, which says more than an answer.
                break;
            case (DeliveryOutcome.Delivered, _):
                desk.Forget(suspension);
                break;
            case (DeliveryOutcome.Failing, _):
                memory.Suspensions.Changed(suspension);
                Failing("lift", suspension, report, output);
                break;
            default:
                // Nothing more will be heard of it: kept, it would stand in the way of the next suspension for ever.
                desk.Forget(suspension);
                suspension.State = SuspensionState.Undeliverable;
                GivenUp("lift", suspension, report, output);
                break;
        }
    }

    private void Failing(string what, Suspension suspension, DeliveryReport report, ResponseOutput output)
    {
        memory.Suspensions.Changed(suspension);
        desk.Alert(suspension, AlertKind.SuspensionFailing, memory.Now, $"{what} could not be delivered in {report.Attempts} attempts ({report.Detail}); attempts go on", output);
    }

    private void GivenUp(string what, Suspension suspension, DeliveryReport report, ResponseOutput output) =>
        desk.Alert(suspension, AlertKind.SuspensionUndeliverable, memory.Now, $"{what} given up after {report.Attempts} attempts ({report.Detail}): act by hand", output);
}
