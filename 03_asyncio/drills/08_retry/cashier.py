"""Charge customers, even if the payment service does not answer at once."""

import uuid
from typing import Any


class PaymentFailed(Exception):
    """The payment service did not answer, however often it was asked."""


class Cashier:
    """Charges customers through a payment service."""

    def __init__(self, service: Any, attempts: int = 3) -> None:
        self.service = service
        self.attempts = attempts

    async def charge(self, customer: str, amount: int) -> str:
        """Charge a customer and return the receipt.

        Only a ConnectionError is worth another attempt. After the last one, raise PaymentFailed
        from its error. All attempts at one charge have the same key, and no other charge has it:
        that is how the service knows not to charge twice.
        """
        key = uuid.uuid4().hex
        last_error = None
        for _ in range(self.attempts):
            try:
                return await self.service.charge(customer, amount, key=key)
            except ConnectionError as error:
                last_error = error
        raise PaymentFailed(f'{customer} was not charged') from last_error
