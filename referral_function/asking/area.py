"""The area that the service covers, as questions and criteria name it.

The code names it here alone; the content check compares `area` in service.yml with it. A change of the area changes
`sending/outcodes.csv` too.
"""

AREA = "Kent & Medway"
IN_THE_AREA = "in Kent or Medway"
COUNTY = "Kent"
